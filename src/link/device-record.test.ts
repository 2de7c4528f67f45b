import { genuinePackets } from '../../test/support/corpus';
import { ownNodeReport } from '../../test/support/memory-device';
import { decodePacket } from '../protocol/codec';
import type { NodeState } from '../protocol/node-state';
import { DeviceRecord } from './device-record';

function stateOf(node: number, change: Partial<NodeState> = {}): NodeState {
  return { node, on: true, brightness: 80, tone: 30, rgb: [0, 0, 0], heard: true, ...change };
}

function learn(record: DeviceRecord, state: NodeState): void {
  record.learnNotification({ kind: 'node_state', state });
}

describe('the record of a device', () => {
  it('knows which node the device is, from its datapoints', () => {
    const record = new DeviceRecord('37962469');
    record.learnDatapoints(ownNodeReport(7).datapoints);
    expect(record.ownNode).toBe(7);
    expect(record.nodes.get(7)).toMatchObject({ node: 7, on: true, brightness: 80, tone: 30, heard: true });
  });

  it('learns other nodes without taking them for its own', () => {
    const record = new DeviceRecord('37962469');
    const [item] = ownNodeReport(9).datapoints.items;
    record.learnDatapoints({
      items: [{ ...item, index: 6, type: 0, value: item?.value ?? new Uint8Array() }],
      trailer: new Uint8Array(),
    });
    expect([record.ownNode, record.nodes.has(9)]).toEqual([undefined, true]);
  });

  it('passes over items that hold no node', () => {
    const record = new DeviceRecord('37962469');
    record.learnDatapoints({
      items: [{ index: 0xc7, type: 9, value: new Uint8Array(18) }],
      trailer: new Uint8Array(2),
    });
    expect(record.nodes.size).toBe(0);
  });

  it('keeps the last state of a node that is not heard, marked', () => {
    const record = new DeviceRecord('37962469');
    learn(record, stateOf(5));
    learn(record, stateOf(5, { on: false, brightness: 0, heard: false }));
    expect(record.nodes.get(5)).toEqual(stateOf(5, { heard: false }));
    learn(record, stateOf(5, { brightness: 10 }));
    expect(record.nodes.get(5)).toEqual(stateOf(5, { brightness: 10 }));
  });

  it('knows a node that was never heard as such', () => {
    const record = new DeviceRecord('37962469');
    learn(record, stateOf(5, { heard: false }));
    expect(record.nodes.get(5)?.heard).toBe(false);
  });

  it('holds 256 nodes at most, and goes on with those it knows', () => {
    const record = new DeviceRecord('37962469');
    for (let node = 0; node < 300; node += 1) learn(record, stateOf(node));
    learn(record, stateOf(255, { brightness: 1 }));
    expect([record.nodes.size, record.nodes.get(255)?.brightness, record.nodes.has(256)]).toEqual([
      256,
      1,
      false,
    ]);
  });

  it('knows the firmware of network and device apart', () => {
    const record = new DeviceRecord('37962469');
    record.learnNotification({ kind: 'firmware', scope: 'network', version: '1.1.158' });
    record.learnNotification({ kind: 'firmware', scope: 'device', version: '3.2.1' });
    record.learnNotification({ kind: 'other', opcode: 1 });
    expect(record.firmware).toStrictEqual({ network: '1.1.158', device: '3.2.1' });
  });

  it('learns from every captured 0x43 that names a node', () => {
    const lists = genuinePackets()
      .map((bytes) => decodePacket(bytes))
      .flatMap((packet) => (packet.kind === 'datapoints' ? [packet.datapoints] : []))
      .filter(({ items }) => items.some(({ type, value }) => type === 0 && value.length === 16));
    expect(lists.length).toBeGreaterThan(0);
    for (const list of lists) {
      const record = new DeviceRecord('37962469');
      record.learnDatapoints(list);
      expect(record.nodes.size).toBeGreaterThan(0);
    }
  });
});
