import fc from 'fast-check';
import type { CommandSettledFact } from '../kernel/facts';
import { ManualClock } from '../kernel/manual-clock';
import type { Outcome } from '../kernel/words';
import { LatencySketch } from './latency-sketch';
import { RecentTraffic } from './recent-traffic';

const settled = (over: Partial<CommandSettledFact> = {}): CommandSettledFact => ({
  kind: 'command_settled',
  commandId: 'c',
  deviceId: '00000001',
  transport: 'new',
  purpose: 'command',
  outcome: 'applied',
  attempts: 1,
  latencyMs: 100,
  waitedMs: 0,
  generation: 1,
  ...over,
});

describe('the traffic of the last quarter of an hour', () => {
  let clock: ManualClock;
  let traffic: RecentTraffic;

  beforeEach(() => {
    clock = new ManualClock();
    traffic = new RecentTraffic(clock);
  });

  const after = (ms: number): void => clock.advance(ms);

  it('counts commands of each transport apart, in cells of five seconds', () => {
    traffic.see(settled());
    traffic.see(settled({ outcome: 'timeout' }));
    traffic.see(settled({ transport: 'legacy' }));
    after(5_000);
    traffic.see(settled());
    after(5_000);
    expect(traffic.history()).toEqual([
      {
        at: clock.wallNow() - 10_000,
        new: expect.objectContaining({ commands: 2, bad: 1 }),
        legacy: expect.objectContaining({ commands: 1, bad: 0 }),
      },
      {
        at: clock.wallNow() - 5_000,
        new: expect.objectContaining({ commands: 1, bad: 0 }),
        legacy: { commands: 0, bad: 0, p50Ms: undefined, p99Ms: undefined },
      },
    ]);
    expect(traffic.lastMinute()).toMatchObject({
      new: { commands: 3, bad: 1 },
      legacy: { commands: 1, bad: 0 },
    });
  });

  it('leaves the cell out that is still being filled: it would always look like a fall', () => {
    traffic.see(settled());
    after(4_999);
    expect(traffic.history()).toEqual([]);
    expect(traffic.lastMinute().new.commands).toBe(0);
  });

  it.each<Outcome>(['queue_full', 'expired', 'not_connected', 'cancelled'])(
    'does not count %s, which says nothing of a transport',
    (outcome) => {
      traffic.see(settled({ outcome }));
      after(5_000);
      expect(traffic.history().map(({ new: tally }) => tally.commands)).toEqual([]);
    },
  );

  it('does not count queries', () => {
    traffic.see(settled({ purpose: 'query' }));
    after(5_000);
    expect(traffic.history()).toEqual([]);
  });

  it('forgets what is older, and never holds more than a quarter of an hour', () => {
    for (let second = 0; second < 3_600; second += 1) {
      traffic.see(settled());
      after(1_000);
      expect(traffic.history().length).toBeLessThanOrEqual(180);
    }
    expect(traffic.history()).toHaveLength(180);
    expect(traffic.lastMinute().new.commands).toBe(60);
    after(3_600_000);
    expect(traffic.history()).toEqual([]);
  });
});

describe('quantiles of latencies', () => {
  it('are within a tenth of the true ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.5, 0.99),
        (latencies, share) => {
          const sketch = new LatencySketch();
          latencies.forEach((ms) => sketch.add(ms));
          const sorted = [...latencies].sort((one, other) => one - other);
          const truth = sorted[Math.ceil(share * sorted.length) - 1] as number;
          const told = sketch.quantile(share) as number;
          expect(told / truth).toBeGreaterThan(0.9);
          expect(told / truth).toBeLessThan(1.1);
        },
      ),
    );
  });

  it('are not known without any', () => {
    expect(new LatencySketch().quantile(0.5)).toBeUndefined();
  });
});
