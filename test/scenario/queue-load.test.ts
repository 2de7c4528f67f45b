import { QUEUE_POLICIES, type QueuePolicy } from '../../src/kernel/bounded-queue-policy';
import { systemClock } from '../../src/kernel/clock';
import type { Fact } from '../../src/kernel/facts';
import { ManualClock } from '../../src/kernel/manual-clock';
import { isLongRun } from '../support/long-run';
import { LOAD_SETTINGS, QueueLoad, SERVICE_MS } from '../support/queue-load';

const DURATION_MS = 60_000;
const REAL_MS = isLongRun ? DURATION_MS : 1_000;
const FAST = SERVICE_MS.flatMap((serviceMs, device) => (serviceMs < 10 ? [device] : []));
const DEAD = SERVICE_MS.length - 1;

async function virtually(policy: QueuePolicy): Promise<QueueLoad> {
  const clock = new ManualClock();
  const load = new QueueLoad(clock, policy);
  const done = load.run(DURATION_MS);
  await clock.advanceAsync(DURATION_MS + 60_000);
  await done;
  expect(clock.pendingTimers).toBe(0);
  return load;
}

function expectEverythingEnded(load: QueueLoad, policy: QueuePolicy, durationMs = DURATION_MS): void {
  const all = Array.from({ length: durationMs / 10 }, (_, number) => number);
  for (const receipts of load.receipts) expect([...receipts.keys()].sort((a, b) => a - b)).toEqual(all);
  for (const left of load.left) expect(left).toEqual([...left].sort((a, b) => a - b));
  const { capacity, blockedLimit } = LOAD_SETTINGS;
  expect(load.mostWaiting).toBe(capacity + (policy === 'block' ? blockedLimit : 0));
}

const idsOf = (load: QueueLoad, kind: Fact['kind']): number[] => [
  ...new Set(
    load.facts.flatMap((fact) => (fact.kind === kind && 'deviceId' in fact ? [Number(fact.deviceId)] : [])),
  ),
];

const SLOW = SERVICE_MS.flatMap((serviceMs, device) => (serviceMs > 10 ? [device] : []));

describe('1,000 commands a second for 60 s to devices of which most are too slow', () => {
  describe.each(QUEUE_POLICIES)('under %s', (policy) => {
    let load: QueueLoad;

    beforeAll(async () => {
      load = await virtually(policy);
    });

    it('end with exactly one receipt each, in bounded lanes, in the order of each device', () => {
      expectEverythingEnded(load, policy);
    });

    it('leave no device idle while something waits for it', () => {
      for (const device of SLOW.filter((slow) => slow !== DEAD))
        expect(load.left[device]?.length).toBeGreaterThanOrEqual(
          Math.floor(DURATION_MS / (SERVICE_MS[device] as number)) - 1,
        );
    });

    it('are all applied by the devices that are quick enough, and raise the alarm of the others alone', () => {
      for (const device of FAST) expect(load.count(device, 'applied')).toBe(DURATION_MS / 10);
      expect(idsOf(load, 'queue_degraded').sort()).toEqual(SLOW);
    });
  });

  it('make blocking lanes of devices that take too long drop the oldest, so that nobody waits for nothing', async () => {
    const load = await virtually('block');
    expect(idsOf(load, 'queue_policy_switched')).toContain(DEAD);
    expect(idsOf(load, 'queue_dropped')).toContain(DEAD);
    for (const device of FAST) expect(idsOf(load, 'queue_policy_switched')).not.toContain(device);
  });
});

describe(`1,000 commands a second for ${REAL_MS / 1000} s of real time`, () => {
  it('end with exactly one receipt each, under all three policies at once', async () => {
    const loads = QUEUE_POLICIES.map((policy) => ({ policy, load: new QueueLoad(systemClock, policy) }));
    await Promise.all(loads.map(({ load }) => load.run(REAL_MS)));
    for (const { policy, load } of loads) {
      expectEverythingEnded(load, policy, REAL_MS);
    }
  }, 120_000);
});
