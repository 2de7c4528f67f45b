import fc from 'fast-check';
import { genuinePackets } from '../../test/support/corpus';
import type { PacketOf } from './catalogue';
import { decodePacket, encodePacket } from './codec';
import { REPLY, type InnerFrame } from './inner-frame';
import { decodeMeshPage } from './mesh-info';

function capturedPages(): InnerFrame[] {
  return genuinePackets()
    .map(decodePacket)
    .filter((packet): packet is PacketOf<'data'> => packet.kind === 'data')
    .map((packet) => packet.inner)
    .filter((inner): inner is InnerFrame => inner.kind === 'frame')
    .filter((frame) => frame.direction === REPLY && frame.opcode === 0x52);
}

/** A page in the layout of protocol 2.10, with records whose every known byte is different. */
function pageOf(records: number, total: number): Uint8Array {
  const data = new Uint8Array(6 + 24 * records);
  data.set([records & 0xff, records >> 8, 0, 0, total & 0xff, total >> 8]);
  for (let index = 0; index < records; index += 1) {
    const at = 6 + 24 * index;
    data.set([index + 1, 0x01, index === 0 ? 0x44 : 0], at);
    data[at + 8] = index % 2;
    data[at + 12] = 100 - index;
    data[at + 16] = 0xfe;
    data.set([index, index + 10, index + 20], at + 20);
  }
  return data;
}

describe('decodeMeshPage', () => {
  it('reads the captured page: four nodes, the bridge first', () => {
    const pages = capturedPages();
    expect(pages).toHaveLength(1);
    const page = decodeMeshPage((pages[0] as InnerFrame).data);
    expect(page?.total).toBe(4);
    expect(page?.records.map((record) => record.node)).toEqual([5, 7, 3, 2]);
    expect(page?.records[1]).toMatchObject({ node: 7, deviceType: 0, on: true, tone: 100 });
    expect(page?.records[0]).toEqual({
      node: 5,
      deviceType: 0x44,
      on: false,
      brightness: 100,
      tone: 0,
      rgb: [0, 0, 0],
    });
  });

  it('reads a full page of 31 records, whose packet has the 773 bytes of the largest one captured', () => {
    const data = pageOf(31, 42);
    const inner = { sequence: 1, direction: REPLY, opcode: 0x52, data };
    const packet = encodePacket({ kind: 'data', deviceId: 1, messageId: 0, flag: 0, inner });
    expect(packet).toHaveLength(773);
    const decoded = decodePacket(packet) as PacketOf<'data'>;
    const page = decodeMeshPage((decoded.inner as InnerFrame).data);
    expect(page?.total).toBe(42);
    expect(page?.records).toHaveLength(31);
    expect(page?.records[30]).toEqual({
      node: 0x011f,
      deviceType: 0,
      on: false,
      brightness: 70,
      tone: 0xfe,
      rgb: [30, 40, 50],
    });
    expect(page?.records[1]).toMatchObject({ on: true, node: 0x0102 });
  });

  it('takes the one-byte reply that only accepts the request for no page', () => {
    expect(decodeMeshPage(Uint8Array.of(0))).toBeUndefined();
  });

  it('takes a page with a torn record for no page', () => {
    expect(decodeMeshPage(pageOf(2, 2).subarray(0, 53))).toBeUndefined();
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.uint8Array({ maxLength: 200 }), (records, bytes) => {
        const data =
          records === 0 ? bytes : Uint8Array.from({ length: 6 + 24 * records }, (_, at) => bytes[at] ?? 0);
        const page = decodeMeshPage(data);
        expect(page?.records.length ?? 0).toBe(page ? (data.length - 6) / 24 : 0);
      }),
    );
  });
});
