import { LANE_DEVICE, LaneBench } from '../../test/support/lane-bench';
import type { FakeDelivery } from '../../test/support/fake-deliverer';

const TO_NEW = { percentage: 100 };

async function endNext(bench: LaneBench, ...how: Parameters<FakeDelivery['end']>): Promise<void> {
  bench.deliverer.onWire()[0]?.end(...how);
  await bench.settle();
}

describe('a lane', () => {
  test('lets commands leave one by one, in the order they came', async () => {
    const bench = new LaneBench({}, TO_NEW);
    const ids = [bench.submit(), bench.submit(), bench.submit()];
    expect(bench.deliverer.left).toEqual(['c1']);
    await endNext(bench);
    expect(bench.deliverer.left).toEqual(['c1', 'c2']);
    await endNext(bench);
    await endNext(bench);
    expect(bench.deliverer.left).toEqual(ids);
    expect([...bench.receipts.keys()]).toEqual(ids);
  });

  test('gives a receipt with how the command ended, by which transport and under which plan', async () => {
    const bench = new LaneBench({}, { ...TO_NEW, revision: 7, generation: 3 });
    bench.submit();
    bench.clock.advance(70);
    await endNext(bench, 'rejected', 70);
    expect(bench.receipts.get('c1')).toEqual({
      commandId: 'c1',
      deviceId: LANE_DEVICE,
      transport: 'new',
      outcome: 'rejected',
      attempts: 1,
      latencyMs: 70,
      generation: 3,
      revision: 7,
      mirrored: false,
    });
  });

  test('reports the decision when a command leaves and how long it had waited when it ends', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit();
    bench.submit();
    expect(bench.facts).toEqual([
      {
        kind: 'routed',
        commandId: 'c1',
        purpose: 'command',
        deviceId: LANE_DEVICE,
        transport: 'new',
        reason: 'in_percentage',
      },
    ]);
    bench.clock.advance(300);
    await endNext(bench);
    await endNext(bench, 'timeout', 900);
    const settled = bench.facts.filter(({ kind }) => kind === 'command_settled');
    expect(settled).toEqual([
      expect.objectContaining({ commandId: 'c1', outcome: 'applied', waitedMs: 0, latencyMs: 40 }),
      expect.objectContaining({ commandId: 'c2', outcome: 'timeout', waitedMs: 300, latencyMs: 900 }),
    ]);
  });

  test('keeps devices apart: one that does not answer holds up nobody else', () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit({ deviceId: '00000001' });
    bench.submit({ deviceId: '00000002' });
    expect(bench.deliverer.left).toEqual(['c1', 'c2']);
  });

  test('refuses at once what exceeds its capacity, and takes more when there is room again', async () => {
    const bench = new LaneBench({ capacity: 2 }, TO_NEW);
    for (let command = 0; command < 4; command += 1) bench.submit();
    await bench.settle();
    expect([...bench.receipts]).toEqual([
      ['c4', expect.objectContaining({ outcome: 'queue_full', attempts: 0, latencyMs: 0 })],
    ]);
    await endNext(bench);
    bench.submit();
    await bench.settle();
    expect(bench.outcomeOf('c5')).toBeUndefined();
    expect(bench.lanes.depthOf(LANE_DEVICE)).toEqual({ waiting: 2, inFlight: 1 });
  });

  test('ends what waits at its own deadline, as expired, and never transmits it', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.clock.advance(500);
    bench.submit();
    bench.submit({ deadlineMs: 2_000 });
    bench.submit({ deadlineMs: 1_000 });
    await bench.clock.advanceAsync(999);
    expect(bench.receipts.size).toBe(0);
    await bench.clock.advanceAsync(1);
    expect([...bench.receipts.keys()]).toEqual(['c3']);
    await bench.clock.advanceAsync(1_000);
    expect(bench.receipts.get('c2')).toEqual(expect.objectContaining({ outcome: 'expired', attempts: 0 }));
    await endNext(bench);
    expect(bench.deliverer.left).toEqual(['c1']);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  test('does not transmit what is past its deadline when its turn comes before its timer', async () => {
    const bench = new LaneBench({}, TO_NEW);
    // The answer and the deadline fall due in one late turn of the loop, the answer first.
    bench.clock.after(1_000, () => bench.deliverer.onWire()[0]?.end());
    bench.submit();
    bench.submit({ deadlineMs: 1_000 });
    await bench.clock.advanceAsync(1_000);
    expect(bench.outcomeOf('c2')).toBe('expired');
    expect(bench.deliverer.left).toEqual(['c1']);
  });

  test('leaves no timer behind for what left in time', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit();
    bench.submit();
    expect(bench.clock.pendingTimers).toBe(1);
    await endNext(bench);
    expect(bench.clock.pendingTimers).toBe(0);
    await bench.clock.advanceAsync(10_000);
    expect(bench.outcomeOf('c2')).toBeUndefined();
  });

  test('ends a command to a device without a link as not_connected, and goes on with the next', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit();
    bench.submit();
    bench.deliverer.connected = false;
    await endNext(bench, 'connection_lost');
    expect(bench.receipts.get('c2')).toEqual(
      expect.objectContaining({ outcome: 'not_connected', attempts: 0 }),
    );
    bench.deliverer.connected = true;
    bench.submit();
    expect(bench.deliverer.left).toEqual(['c1', 'c3']);
  });

  test('goes on when a command ends before its delivery has returned', async () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.deliverer.outcomeAtOnce = 'connection_lost';
    bench.submit();
    bench.submit();
    await bench.settle();
    expect(bench.deliverer.left).toEqual(['c1', 'c2']);
    expect([bench.outcomeOf('c1'), bench.outcomeOf('c2')]).toEqual(['connection_lost', 'connection_lost']);
    expect(bench.lanes.depthOf(LANE_DEVICE)).toEqual({ waiting: 0, inFlight: 0 });
  });

  test('starts the next command only after all that arrived together was handled', () => {
    const bench = new LaneBench({}, TO_NEW);
    bench.submit();
    bench.submit();
    bench.deliverer.onWire()[0]?.end();
    expect(bench.deliverer.left).toEqual(['c1']);
  });
});

describe('a lane when the plan changes', () => {
  test('decides when a command leaves, so what waits follows the new plan', async () => {
    const bench = new LaneBench({}, { ...TO_NEW, generation: 1, revision: 1 });
    bench.submit();
    bench.submit();
    bench.follow({ percentage: 0, generation: 2, revision: 2 }, true);
    await endNext(bench);
    await endNext(bench);
    expect(bench.deliverer.deliveries.map(({ transport }) => transport)).toEqual(['new', 'legacy']);
    expect(bench.receipts.get('c1')).toEqual(expect.objectContaining({ generation: 1, revision: 1 }));
    expect(bench.receipts.get('c2')).toEqual(expect.objectContaining({ generation: 2, revision: 2 }));
  });

  test.each([
    ['new', 'legacy', 100, 0],
    ['legacy', 'new', 0, 100],
  ])('lets go of %s entirely before %s may write', async (_from, to, before, after) => {
    const bench = new LaneBench({ window: 8 }, { percentage: before });
    bench.submit();
    bench.follow({ percentage: after });
    bench.submit();
    await bench.settle();
    expect(bench.deliverer.left).toEqual(['c1']);
    await endNext(bench);
    expect(bench.deliverer.deliveries[1]?.transport).toBe(to);
  });

  test('has as many commands on the wire as its window allows, on new alone', async () => {
    const bench = new LaneBench({ window: 3 }, TO_NEW);
    for (let command = 0; command < 5; command += 1) bench.submit();
    expect(bench.deliverer.onWire()).toHaveLength(3);
    bench.follow({ percentage: 0 });
    for (let ended = 0; ended < 3; ended += 1) await endNext(bench);
    expect(bench.deliverer.onWire().map(({ transport }) => transport)).toEqual(['legacy']);
  });

  test('hands over what is on the wire of new, with the time that is allowed for it', () => {
    const bench = new LaneBench({ handoverMs: 1_000, window: 2 }, TO_NEW);
    bench.submit();
    bench.submit();
    bench.clock.advance(250);
    bench.lanes.handOver();
    expect(bench.deliverer.deliveries.map(({ handedOver }) => handedOver)).toEqual([[1_250], [1_250]]);
  });

  test('lets legacy finish what it has begun', () => {
    const bench = new LaneBench({}, { percentage: 0 });
    bench.submit();
    bench.lanes.handOver();
    expect(bench.deliverer.deliveries[0]?.handedOver).toEqual([]);
  });
});
