import { receiptOf, replyOf } from '../../../test/support/memory-device';
import { DEADLINE_MS, DRAIN_MS, IDLE_TIMERS, TransportBench } from '../../../test/support/transport-bench';

describe('a command over the legacy transport', () => {
  it('is written once with message id 0 and never again', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('legacy', { deadlineAt: bench.clock.now() + 60_000 });
    await bench.clock.advanceAsync(60_000);
    expect(device.all('data').map(({ messageId }) => messageId)).toEqual([0]);
    expect(bench.outcomes()).toEqual(['timeout 1 60000']);
  });

  it('is applied when the device says so, by the same observer', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('legacy');
    await bench.clock.advanceAsync(300);
    device.send(...device.all('data').flatMap((request) => [receiptOf(request), replyOf(request)]));
    await bench.settle();
    expect(bench.outcomes()).toEqual(['applied 1 300']);
    expect(bench.clock.pendingTimers).toBe(IDLE_TIMERS);
  });

  it('is never accepted: a receipt alone is a time-out', async () => {
    const { bench, device } = await TransportBench.withDevice();
    bench.deliver('legacy');
    await bench.settle();
    device.send(...device.all('data').map(receiptOf));
    await bench.clock.advanceAsync(DEADLINE_MS);
    expect(bench.outcomes()).toEqual(['timeout 1 5000']);
    expect(bench.facts.of('transmission_unanswered')).toEqual([]);
  });

  it('takes its sequences from the same counter as the new transport', async () => {
    const { bench, device } = await TransportBench.withDevice();
    for (const transport of ['legacy', 'new', 'legacy'] as const) {
      bench.deliver(transport);
      await bench.settle();
      device.send(
        ...device
          .all('data')
          .slice(-1)
          .map((request) => replyOf(request)),
      );
      await bench.settle();
    }
    const sequences = device.all('data').map(({ inner }) => (inner.kind === 'frame' ? inner.sequence : 0));
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('reports a device that does not take the bytes within the drain time, and goes on waiting', async () => {
    const { bench, device } = await TransportBench.withDevice({}, 10);
    device.pause();
    bench.deliver('legacy');
    await bench.clock.advanceAsync(DRAIN_MS - 1);
    expect(bench.facts.of('drain_timeout')).toEqual([]);
    await bench.clock.advanceAsync(1);
    expect(bench.facts.of('drain_timeout')).toEqual([
      { kind: 'drain_timeout', transport: 'legacy', deviceId: '37962469' },
    ]);
    device.resume();
    await bench.settle();
    device.send(...device.all('data').map((request) => replyOf(request)));
    await bench.settle();
    expect(bench.outcomes()).toEqual(['applied 1 2000']);
  });

  it('reports nothing when the device takes the bytes in time, or the command has ended', async () => {
    const drained = await TransportBench.withDevice({}, 10);
    drained.device.pause();
    drained.bench.deliver('legacy');
    await drained.bench.clock.advanceAsync(1_000);
    drained.device.resume();
    await drained.bench.clock.advanceAsync(DRAIN_MS);
    expect(drained.bench.facts.of('drain_timeout')).toEqual([]);

    const ended = await TransportBench.withDevice({}, 10);
    ended.device.pause();
    ended.bench.deliver('legacy', { deadlineAt: ended.bench.clock.now() + 500 });
    await ended.bench.clock.advanceAsync(DRAIN_MS);
    expect(ended.bench.facts.of('drain_timeout')).toEqual([]);
  });
});
