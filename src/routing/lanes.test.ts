import { LANE_DEVICE, LaneBench } from '../../test/support/lane-bench';

const TO_NEW = { percentage: 100 };
const NOTHING = { waiting: 0, inFlight: 0 };

describe('Lanes', () => {
  test('counts what waits and what is on the wire, by device and in all', () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit({ deviceId: '00000001' });
    bench.submit({ deviceId: '00000001' });
    bench.submit({ deviceId: '00000001' });
    bench.submit({ deviceId: '00000002' });
    expect(bench.lanes.depthOf('00000001')).toEqual({ waiting: 2, inFlight: 1 });
    expect(bench.lanes.depthOf('00000003')).toEqual(NOTHING);
    expect([bench.lanes.waiting, bench.lanes.inFlight]).toEqual([2, 2]);
  });

  test('keeps nothing of a device that has nothing to do', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit();
    bench.deliverer.onWire()[0]?.end();
    await bench.settle();
    // A drain resolves when no lane is kept.
    let drained = false;
    void bench.lanes.drain().then(() => (drained = true));
    await bench.settle();
    expect(drained).toBe(true);
  });

  test('does not lose sight of a device whose command ended at once while the next is on the wire', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.deliverer.connected = false;
    bench.submit();
    bench.deliverer.connected = true;
    bench.submit();
    await bench.settle();
    expect(bench.lanes.depthOf(LANE_DEVICE)).toEqual({ waiting: 0, inFlight: 1 });
    bench.submit();
    expect(bench.deliverer.onWire(LANE_DEVICE)).toHaveLength(1);
  });

  test('does not lose sight of a command that a caller sends as soon as it has its receipts', async () => {
    const bench = new LaneBench({ window: 2 }, TO_NEW);
    bench.submit();
    bench.submit();
    bench.onReceipt = ({ commandId }) => {
      if (commandId === 'c2') bench.submit();
    };
    for (const delivery of bench.deliverer.onWire()) delivery.end();
    await bench.settle();
    expect(bench.deliverer.left).toEqual(['c1', 'c2', 'c3']);
    expect(bench.lanes.depthOf(LANE_DEVICE)).toEqual({ waiting: 0, inFlight: 1 });
  });

  test('takes nothing more while it drains, and has drained when the last command has ended', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit();
    bench.submit();
    bench.submit({ deviceId: '00000001' });
    let drained = 0;
    void bench.lanes.drain().then(() => (drained += 1));
    void bench.lanes.drain().then(() => (drained += 1));
    const command = { id: 'late', deviceId: LANE_DEVICE, action: { command: 'power', on: true } as const };
    await expect(bench.lanes.submit({ ...command, node: undefined, deadlineAt: 9 })).rejects.toMatchObject({
      code: 'draining',
    });
    for (const delivery of bench.deliverer.onWire()) delivery.end();
    await bench.settle();
    expect([drained, bench.deliverer.left]).toEqual([0, ['c1', 'c3', 'c2']]);
    bench.deliverer.onWire()[0]?.end();
    await bench.settle();
    expect(drained).toBe(2);
  });

  test('cancels what waits and leaves alone what is on the wire', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit();
    bench.submit();
    bench.submit({ deviceId: '00000001' });
    bench.submit({ deviceId: '00000001' });
    bench.lanes.cancelWaiting();
    await bench.settle();
    expect([...bench.receipts]).toEqual([
      ['c2', expect.objectContaining({ outcome: 'cancelled', attempts: 0 })],
      ['c4', expect.objectContaining({ outcome: 'cancelled', attempts: 0 })],
    ]);
    expect(bench.clock.pendingTimers).toBe(0);
    expect([bench.lanes.waiting, bench.lanes.inFlight]).toEqual([0, 2]);
  });
});
