import fc from 'fast-check';
import { genuinePackets } from '../../test/support/corpus';
import type { PacketOf } from './catalogue';
import { decodePacket, encodePacket } from './codec';
import { isNodeState, OWN_NODE_INDEX, type DatapointList } from './datapoints';
import { fromHex, toHex } from './hex';

const HEAD = '3987c857 0101 06';
const OWN_STATE = '05 0010 07016464ffffff010007000000000000';

function packetOf(datapoints: string): Uint8Array {
  const body = fromHex(HEAD + datapoints) as Uint8Array;
  return Uint8Array.of(0x43, 0, 0, body.length >> 8, body.length, ...body);
}

function listOf(packet: Uint8Array): DatapointList {
  return (decodePacket(packet) as PacketOf<'datapoints'>).datapoints;
}

describe('datapoints', () => {
  it('are read by their own lengths: a node state, a counter, a flag without a value and a text', () => {
    const { items, trailer } = listOf(packetOf(`${OWN_STATE} c3 2002 0001 c2 9000 c7 9003 616263`));
    expect(items.map(({ index, type, value }) => [index, type, toHex(value)])).toEqual([
      [OWN_NODE_INDEX, 0, '07016464ffffff010007000000000000'],
      [0xc3, 2, '0001'],
      [0xc2, 9, ''],
      [0xc7, 9, '616263'],
    ]);
    expect(trailer).toHaveLength(0);
    expect(items.map(isNodeState)).toEqual([true, false, false, false]);
  });

  it('have lengths of twelve bits', () => {
    const { items } = listOf(packetOf(`c7 9123 ${'41'.repeat(0x123)}`));
    expect(items.map(({ type, value }) => [type, value.length])).toEqual([[9, 0x123]]);
  });

  it('may be none at all', () => {
    expect(listOf(packetOf(''))).toEqual({ items: [], trailer: new Uint8Array(0) });
  });

  it('keep the two bytes that LED-strip firmware appends', () => {
    const packet = packetOf(`${OWN_STATE} 0601`);
    const list = listOf(packet);
    expect(list.items).toHaveLength(1);
    expect(toHex(list.trailer)).toBe('0601');
    expect(toHex(encodePacket(decodePacket(packet) as PacketOf<'datapoints'>))).toBe(toHex(packet));
  });

  it('stop where a length overruns the packet', () => {
    const list = listOf(packetOf(`${OWN_STATE} 06 0010 0701`));
    expect(list.items).toHaveLength(1);
    expect(toHex(list.trailer)).toBe('0600100701');
  });

  it('lose no byte, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const packet = packetOf(toHex(bytes));
        expect(encodePacket(decodePacket(packet) as PacketOf<'datapoints'>)).toEqual(packet);
      }),
    );
  });

  it('of every captured packet leave nothing over', () => {
    const lists = genuinePackets()
      .filter((packet) => packet[0] === 0x43)
      .map(listOf);
    expect(lists).toHaveLength(403);
    expect(lists.filter((list) => list.trailer.length > 0)).toEqual([]);
    expect(lists.filter((list) => list.items.length === 0).length).toBe(270);
  });
});
