import fc from 'fast-check';
import { genuinePackets } from '../../test/support/corpus';
import { Secret } from '../kernel/secret';
import { CATALOGUE, rowOfName, rowOfType, typeLabel, type CatalogueRow, type Packet } from './catalogue';
import { decodePacket, encodePacket } from './codec';
import { fromHex, toHex } from './hex';

const ROWS = CATALOGUE as readonly unknown[] as readonly CatalogueRow[];

function decodeHex(hex: string): ReturnType<typeof decodePacket> {
  return decodePacket(fromHex(hex) as Uint8Array);
}

describe('the captured packets', () => {
  const counts = (): Record<string, number> => {
    const byType: Record<string, number> = {};
    for (const packet of genuinePackets()) {
      const type = typeLabel(packet[0] as number);
      byType[type] = (byType[type] ?? 0) + 1;
    }
    return byType;
  };

  it('are of these types', () => {
    expect(counts()).toEqual({
      '0x23': 26,
      '0x28': 34,
      '0x43': 403,
      '0x48': 401,
      '0x73': 24,
      '0x78': 4,
      '0x7B': 26,
      '0x83': 128,
      '0x88': 122,
      '0xA3': 1,
      '0xAB': 1,
      '0xC3': 27,
      '0xC8': 27,
      '0xD3': 674,
      '0xD8': 676,
    });
  });

  it('decode, every one, with no malformed part', () => {
    for (const bytes of genuinePackets()) {
      const packet = decodePacket(bytes);
      const inner = 'inner' in packet ? packet.inner.kind : 'frame';
      expect({ hex: toHex(bytes), kind: packet.kind, inner }).toEqual({
        hex: toHex(bytes),
        kind: rowOfType(bytes[0] as number)?.name,
        inner: 'frame',
      });
    }
  });

  it('encode back to the same bytes, every one of every type', () => {
    for (const bytes of genuinePackets())
      expect(toHex(encodePacket(decodePacket(bytes) as Packet))).toBe(toHex(bytes));
  });

  it('have a right checksum in every inner frame', () => {
    const frames = genuinePackets()
      .map(decodePacket)
      .flatMap((packet) => ('inner' in packet ? [packet.inner] : []));
    expect(frames).toHaveLength(152);
    expect(frames.filter((frame) => frame.kind !== 'frame' || !frame.checksumOk)).toEqual([]);
  });
});

// One packet of every type, from protocol 2.2 to 2.9, with the meaning that it must be read into.
const MEANINGS: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    '13 00000014 03 01020304 000a 30313233343536373839 00 00b4',
    { kind: 'app_login', version: 3, userId: 0x01020304, flags: 0, keepaliveSeconds: 180 },
  ],
  ['18 00000002 0000', { kind: 'app_login_answer', result: 0 }],
  [
    '23 0000001a 03 38e8cf46 0010 31653037303030303030303030303030 00 003c',
    { kind: 'handshake', version: 3, deviceId: 0x38e8cf46, flags: 0, keepaliveSeconds: 60 },
  ],
  ['28 00000002 0000', { kind: 'handshake_answer', result: 0 }],
  ['43 00000007 3987c857 0101 06', { kind: 'datapoints', deviceId: 0x3987c857, reference: 0x0101, flag: 6 }],
  ['48 00000003 0101 00', { kind: 'datapoints_answer', reference: 0x0101, flag: 0 }],
  [
    '73 00000013 2de4b5d2 0002 00 7e 21000000 f9 d0 0100 00 d1 7e',
    { kind: 'data', deviceId: 0x2de4b5d2, messageId: 2, flag: 0 },
  ],
  ['7b 00000007 2de4b5d2 1537 00', { kind: 'receipt', deviceId: 0x2de4b5d2, messageId: 0x1537, flag: 0 }],
  [
    '78 00000007 2de4b5d2 1537 05',
    { kind: 'relay_result', deviceId: 0x2de4b5d2, messageId: 0x1537, result: 5 },
  ],
  [
    '83 00000013 f987c857 ff01 00 7e 21000000 f9 d0 0100 00 d1 7e',
    { kind: 'status', deviceId: 0xf987c857, messageId: 0xff01, flag: 0 },
  ],
  ['88 00000003 ff01 00', { kind: 'status_answer', messageId: 0xff01, flag: 0 }],
  ['a3 00000007 2de4b5d2 1537 00', { kind: 'announce', deviceId: 0x2de4b5d2, messageId: 0x1537, flag: 0 }],
  [
    'ab 00000013 2de4b5d2 1537 00 07 0009 786c696e6b5f646576',
    { kind: 'announce_answer', messageId: 0x1537, tag: 7, software: 'xlink_dev' },
  ],
  ['a8 00000008 2de4b5d2 1537 0a 00', { kind: 'announce_result', messageId: 0x1537, result: 10, flag: 0 }],
  ['c3 00000001 0c', { kind: 'clock_request', tag: 12 }],
  [
    'c8 0000000b 0d 07e9 0b 06 05 02 14 28 fda8',
    {
      kind: 'clock_answer',
      year: 2025,
      month: 11,
      day: 6,
      dayOfWeek: 5,
      hour: 2,
      minute: 20,
      second: 40,
      utcOffset: -600,
    },
  ],
  ['d3 00000000', { kind: 'heartbeat' }],
  ['d8 00000000', { kind: 'heartbeat_answer' }],
];

describe('decodePacket', () => {
  it.each(MEANINGS)('reads %s', (hex, meaning) => {
    const packet = decodeHex(hex);
    expect(packet).toMatchObject(meaning);
    expect(toHex(encodePacket(packet as Packet))).toBe(hex.replaceAll(' ', ''));
  });

  it('is shown a packet of every type of the catalogue', () => {
    expect(MEANINGS.map(([, meaning]) => meaning.kind)).toEqual(ROWS.map((row) => row.name));
  });

  it.each([
    ['too_short', 0x00, ''],
    ['too_short', 0xd3, 'd3 000000'],
    ['unknown_type', 0x16, '16 00000001 00'],
    ['length_mismatch', 0xd3, 'd3 00000001'],
    ['length_mismatch', 0xd3, 'd3 00000000 00'],
    ['body_too_long', 0xd3, 'd3 00000001 00'],
    ['body_too_short', 0x28, '28 00000001 00'],
    ['body_too_short', 0x23, '23 0000000b 03 38e8cf46 0010 31323334'],
    ['body_too_long', 0x23, '23 0000000c 03 38e8cf46 0001 31 00 003c ff'],
    ['body_too_short', 0xab, 'ab 0000000b 2de4b5d2 1537 00 07 0009 78'],
  ])('says %s for type %p: %s', (reason, type, hex) => {
    expect(decodeHex(hex)).toEqual({ kind: 'malformed', type, reason });
  });

  it('keeps the packet when only its inner frame is malformed', () => {
    const padded = '73 00000014 2de4b5d2 0002 00 00 7e 21000000 f9 d0 0100 00 d1 7e';
    const packet = decodeHex(padded);
    expect(packet).toMatchObject({ kind: 'data', messageId: 2, inner: { kind: 'malformed' } });
    expect(toHex(encodePacket(packet as Packet))).toBe(padded.replaceAll(' ', ''));
  });

  it('never throws, and loses no byte of what it reads, whatever the bytes are', () => {
    const types = fc.constantFrom(...ROWS.map((row) => row.type), 0x16, 0x00);
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 48 }), fc.boolean(), (type, body, honest) => {
        const packet = Uint8Array.of(type, 0, 0, 0, honest ? body.length : body.length ^ 1, ...body);
        const decoded = decodePacket(packet);
        const lossless = decoded.kind !== 'malformed' && !('inner' in decoded);
        if (lossless) expect(encodePacket(decoded)).toEqual(packet);
        else expect(['malformed', 'data', 'status']).toContain(decoded.kind);
        expect(honest || decoded.kind === 'malformed').toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('never throws on bytes that have no header at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        expect(decodePacket(bytes).kind).toBeDefined();
      }),
    );
  });
});

describe('encodePacket', () => {
  it('writes lengths of bodies beyond one byte', () => {
    const packet = encodePacket({
      kind: 'announce_answer',
      deviceId: 1,
      messageId: 2,
      flag: 0,
      tag: 7,
      software: 'xlink_dev',
      fill: new Uint8Array(1000),
    });
    expect(packet).toHaveLength(1024);
    expect(toHex(packet.subarray(0, 5))).toBe('ab000003fb');
  });

  it('fills in the checksum of a frame that names none', () => {
    const inner = { sequence: 0x21, direction: 0xf9, opcode: 0xd0, data: Uint8Array.of(0) };
    const packet = encodePacket({ kind: 'data', deviceId: 0x2de4b5d2, messageId: 2, flag: 0, inner });
    expect(toHex(packet)).toBe('73000000132de4b5d20002007e21000000f9d0010000d17e');
  });

  it('writes secrets as their bytes', () => {
    const auth = new Secret(Buffer.from('1e07000000000000', 'latin1'));
    const packet = encodePacket({
      kind: 'handshake',
      version: 3,
      deviceId: 0x38e8cf46,
      auth,
      flags: 0,
      keepaliveSeconds: 60,
    });
    expect(toHex(packet)).toBe('230000001a0338e8cf4600103165303730303030303030303030303000003c');
  });
});

describe('catalogue', () => {
  it('finds a row by type and by name', () => {
    for (const row of ROWS) {
      expect(rowOfType(row.type)).toBe(row);
      expect(rowOfName(row.name)).toBe(row);
    }
    expect(rowOfType(0x16)).toBeUndefined();
  });

  it('answers with the type whose bit 3 is set', () => {
    for (const row of ROWS)
      for (const answer of row.answers) expect(answer & 0xf8).toBe((row.type & 0xf0) | 0x08);
  });

  it('labels a type with two upper-case digits', () => {
    expect([0x0a, 0xab].map(typeLabel)).toEqual(['0x0A', '0xAB']);
  });
});
