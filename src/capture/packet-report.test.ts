import { decodePacket } from '../protocol/codec';
import { fromHex } from '../protocol/hex';
import type { CaptureRead } from './capture-line';
import { packetLine, packetReport, type PacketReport } from './packet-report';

function reportOf(hex: string, origin: Partial<CaptureRead> = {}): PacketReport {
  const bytes = fromHex(hex) as Uint8Array;
  return packetReport({
    kind: 'packet',
    read: { ts: 'T1', dir: 'dev_to_cloud', conn: 'plug', bytes, ...origin },
    bytes,
    packet: decodePacket(bytes),
  });
}

const REPLY = '73 00000013 2de4b5d2 0102 00 7e 21000000 f9 d0 0100 00 d1 7e';

describe('the report of a packet', () => {
  it('says who, what and which message, and digests the inner frame', () => {
    expect(reportOf(REPLY)).toEqual({
      ts: 'T1',
      dir: 'dev_to_cloud',
      conn: 'plug',
      type: '0x73',
      name: 'data',
      deviceId: '2de4b5d2',
      messageId: 0x0102,
      inner: { direction: 'reply', opcode: '0xD0', sequence: 0x21, checksumOk: true, escaped: false },
      hex: REPLY.replaceAll(' ', ''),
    });
  });

  it('reads as one line', () => {
    expect(packetLine(reportOf(REPLY))).toBe(
      `T1 dev_to_cloud 0x73 data device=2de4b5d2 message=258 frame=reply:0xD0 sequence=33 checksum=ok ${REPLY.replaceAll(' ', '')}`,
    );
    expect(packetLine(reportOf('d3 00000000', { dir: undefined, ts: '' }))).toBe(
      '- - 0xD3 heartbeat d300000000',
    );
  });

  it('shows message 0, a wrong checksum and an escaped frame', () => {
    const escaped = '73 00000014 2de4b5d2 0000 00 7e 21000000 01 d0 0100 7d5d 4f 7e';
    expect(packetLine(reportOf(escaped))).toContain(
      'message=0 frame=0x01:0xD0 sequence=33 checksum=mismatch escaped ',
    );
  });

  it('says what is malformed, the body or only the frame', () => {
    expect(packetLine(reportOf('28 00000001 00'))).toBe(
      'T1 dev_to_cloud 0x28 handshake_answer malformed=body_too_short 280000000100',
    );
    expect(reportOf(REPLY.replace('f9 d0 0100', 'f9 d0 0200'))).toMatchObject({
      deviceId: '2de4b5d2',
      inner: { malformed: 'length' },
    });
    expect(packetLine(reportOf(REPLY.replace('f9 d0 0100', 'f9 d0 0200')))).toContain(
      'frame=malformed:length',
    );
  });

  it('shows no secret', () => {
    const handshake = reportOf('23 0000001a 03 38e8cf46 0010 31653037303030303030303030303031 00 003c');
    expect(handshake).toMatchObject({ name: 'handshake', deviceId: '38e8cf46' });
    for (const text of [JSON.stringify(handshake), packetLine(handshake)])
      expect(text).not.toMatch(/3165303730|1e070/);
  });
});
