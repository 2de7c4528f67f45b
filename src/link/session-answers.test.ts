import { LinkBench } from '../../test/support/link-bench';
import { DEVICE, DEVICE_ID, frameOf, receiptOf } from '../../test/support/memory-device';
import { NOTIFICATION, REPLY } from '../protocol/inner-frame';
import { encodeMeshPdu, MESH_OP } from '../protocol/mesh-pdu';

/** A status that says whether node 9 is on. */
function statusOf(messageId: number, on: number) {
  const parameters = Uint8Array.of(1, on, 50, 0, 0, 0, 0, 0, 0);
  const data = encodeMeshPdu({ sequence: 1, source: 9, destination: 9, op: MESH_OP.status, parameters });
  const inner = { sequence: 1, direction: NOTIFICATION, opcode: 0xdb, data };
  return { kind: 'status', deviceId: DEVICE, messageId, flag: 0, inner } as const;
}

function meshPage(sequence: number, nodes: number) {
  const data = new Uint8Array(6 + 24 * nodes);
  data[0] = nodes;
  data[4] = nodes;
  return {
    kind: 'data',
    deviceId: DEVICE,
    messageId: 3,
    flag: 0,
    inner: { sequence, direction: REPLY, opcode: 0x52, data },
  } as const;
}

const isOn = (bench: LinkBench) => bench.registry.record(DEVICE_ID)?.nodes.get(9)?.on;

describe('a status that comes a second time', () => {
  it('is acknowledged again and not delivered again', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.send(statusOf(7, 1), statusOf(8, 0), statusOf(7, 1));
    await bench.settle();
    expect(device.all('status_answer').map(({ messageId }) => messageId)).toEqual([7, 8, 7]);
    expect(isOn(bench)).toBe(false);
    expect(bench.facts.of('duplicate_dropped')).toMatchObject([{ deviceId: DEVICE_ID, type: 0x83 }]);
  });

  it('is delivered when its number came with another content: the device counts anew', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.send(statusOf(7, 1), statusOf(7, 0));
    await bench.settle();
    expect(isOn(bench)).toBe(false);
    expect(bench.facts.of('duplicate_dropped')).toEqual([]);
  });

  it('is delivered on the next connection, where the device may have booted', async () => {
    const bench = new LinkBench();
    const first = await bench.ready();
    first.send(statusOf(1, 1), statusOf(2, 0));
    await bench.settle();
    const second = await bench.ready();
    second.send(statusOf(1, 1));
    await bench.settle();
    expect(isOn(bench)).toBe(true);
  });
});

describe('a page of mesh nodes', () => {
  it('is acknowledged at once, and the receipt of that is no orphan', async () => {
    const bench = new LinkBench();
    const device = await bench.ready();
    device.send(meshPage(77, 2));
    await bench.settle();
    const [acknowledgement] = device.all('data');
    if (!acknowledgement) throw new Error('nothing came');
    expect(frameOf(acknowledgement)).toMatchObject({ opcode: 0xaf, data: new Uint8Array([0xaf, 0x01]) });
    bench.facts.clear();
    device.send(receiptOf(acknowledgement));
    await bench.settle();
    expect(bench.facts.of('answer')).toEqual([]);
  });
});

describe('a device that sends more than it may', () => {
  it('is read more slowly, and nothing that it sent is lost', async () => {
    const bench = new LinkBench({ settings: { maxPacketsPerSecond: 100 } });
    const device = await bench.ready();
    for (let report = 0; report < 1_000; report += 1) device.send({ kind: 'heartbeat' });
    await bench.settle();
    const atOnce = device.all('heartbeat_answer').length;
    expect(atOnce).toBeLessThan(250);
    await bench.clock.advanceAsync(1_000);
    expect(device.all('heartbeat_answer').length).toBeLessThan(atOnce + 110);
    await bench.clock.advanceAsync(10_000);
    expect(device.all('heartbeat_answer')).toHaveLength(1_000);
    expect(bench.facts.of('device_slowed').length).toBeGreaterThan(0);
  });

  it('is slowed down too when what it sends makes no packets', async () => {
    const bench = new LinkBench({ settings: { maxPacketsPerSecond: 100 } });
    const device = await bench.ready();
    device.sendBytes(new Uint8Array(512 * 300).fill(0xff));
    await bench.settle();
    expect(bench.facts.of('device_slowed')).toMatchObject([{ deviceId: DEVICE_ID }]);
  });
});
