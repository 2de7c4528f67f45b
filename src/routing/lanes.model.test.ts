import fc from 'fast-check';
import { QUEUE_POLICIES } from '../kernel/bounded-queue-policy';
import { OUTCOMES, type Outcome, type TransportName } from '../kernel/words';
import type { Command } from '../transport/transport';
import type { LaneSettings } from './lane';
import type { Plan } from './plan';
import { COMMAND_BYTES, LaneBench } from '../../test/support/lane-bench';

/** Two devices in the fleet, one of which is pinned and unpinned beside the percentage. */
const DEVICES = ['00000001', '00000002'] as const;
const CAPACITY = 3;
const BLOCKED_LIMIT = 2;
/** So near to each other that a few steps meet each of them. */
const SETTINGS: Partial<LaneSettings> = {
  capacity: CAPACITY,
  capacityBytes: 2.5 * COMMAND_BYTES,
  blockedLimit: BLOCKED_LIMIT,
  putTimeoutMs: 4,
  degradedAbove: 2,
  switchAfter: 2,
  calmMs: 6,
};

type Step =
  | {
      readonly do: 'submit';
      readonly device: (typeof DEVICES)[number];
      readonly deadlineMs: number;
      readonly bytes: number;
    }
  | { readonly do: 'plan'; readonly percentage: 0 | 100; readonly pins: Plan['pins'] }
  | { readonly do: 'rollback' }
  | { readonly do: 'end'; readonly which: number; readonly outcome: Outcome }
  | { readonly do: 'connect'; readonly connected: boolean; readonly atOnce: Outcome | undefined }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'cancel' }
  | { readonly do: 'settle' };

const device = fc.constantFrom(...DEVICES);
const ending = fc.constantFrom(...OUTCOMES.filter((outcome) => outcome !== 'expired'));

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('submit'),
      device,
      deadlineMs: fc.integer({ min: 0, max: 12 }),
      bytes: fc.constantFrom(
        COMMAND_BYTES,
        COMMAND_BYTES,
        COMMAND_BYTES / 4,
        2 * COMMAND_BYTES,
        3 * COMMAND_BYTES,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('plan'),
      percentage: fc.constantFrom(0, 100),
      pins: fc.constantFrom({}, { [DEVICES[0]]: 'new' }, { [DEVICES[0]]: 'legacy' }) as fc.Arbitrary<
        Plan['pins']
      >,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'rollback' }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('end'), which: fc.nat({ max: 7 }), outcome: ending }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('connect'),
      connected: fc.boolean(),
      atOnce: fc.option(ending, { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'cancel' }) },
  { weight: 4, arbitrary: fc.constant({ do: 'settle' }) },
);

/** What the world was like when a command left its lane. */
interface Leaving {
  readonly command: Command;
  readonly transport: TransportName;
  readonly decided: TransportName;
  readonly plan: Plan;
  readonly at: number;
  /** Transports of what was on the wire to that device already. */
  readonly onWire: readonly TransportName[];
}

interface Run {
  readonly bench: LaneBench;
  readonly submitted: string[];
  readonly leavings: Leaving[];
  revision: number;
}

function begin(settings: Pick<LaneSettings, 'window' | 'policy'>): Run {
  const bench = new LaneBench({ ...SETTINGS, ...settings });
  const run: Run = { bench, submitted: [], leavings: [], revision: 1 };
  bench.deliverer.onDeliver = (command, transport) => {
    run.leavings.push({
      command,
      transport,
      decided: bench.router.decide(command.deviceId).transport,
      plan: bench.router.current.plan,
      at: bench.clock.now(),
      onWire: bench.deliverer.onWire(command.deviceId).map((delivery) => delivery.transport),
    });
  };
  return run;
}

async function take(run: Run, the: Step): Promise<void> {
  const { bench } = run;
  switch (the.do) {
    case 'submit':
      run.submitted.push(
        bench.submit({ deviceId: the.device, deadlineMs: the.deadlineMs, bytes: the.bytes }),
      );
      expectBounded(bench);
      break;
    case 'plan':
      follow(run, { percentage: the.percentage, pins: the.pins }, false);
      break;
    case 'rollback':
      rollBack(run);
      break;
    case 'end':
      bench.deliverer.onWire()[the.which]?.end(the.outcome);
      break;
    case 'connect':
      bench.deliverer.connected = the.connected;
      bench.deliverer.outcomeAtOnce = the.atOnce;
      break;
    case 'wait':
      await bench.clock.advanceAsync(the.ms);
      break;
    case 'cancel':
      bench.lanes.cancelWaiting();
      break;
    case 'settle':
      await bench.settle();
  }
}

function follow(run: Run, plan: Partial<Plan>, latched: boolean): void {
  run.revision += 1;
  run.bench.follow({ ...plan, revision: run.revision }, latched);
}

function rollBack(run: Run): void {
  const { deliverer, lanes } = run.bench;
  follow(run, { percentage: 0 }, true);
  const before = deliverer.onWire().map((delivery) => ({ delivery, count: delivery.handedOver.length }));
  lanes.handOver();
  for (const { delivery, count } of before)
    expect(delivery.handedOver).toHaveLength(delivery.transport === 'new' ? count + 1 : 0);
}

/** Lets everything end, and holds the whole run to what is promised. */
async function finish(run: Run, window: number): Promise<void> {
  const { bench } = run;
  const drained = bench.lanes.drain();
  bench.deliverer.outcomeAtOnce = undefined;
  await bench.settle();
  while (bench.deliverer.onWire().length > 0) {
    for (const delivery of bench.deliverer.onWire()) delivery.end();
    await bench.settle();
  }
  await drained;
  expectOneReceiptEach(run);
  expectOrder(run);
  expectDroppedEnded(bench);
  for (const id of DEVICES) expectSwitchesInTurn(bench, id);
  for (const leaving of run.leavings) expectProper(leaving, bench, window);
  expect(bench.clock.pendingTimers).toBe(0);
  expect([bench.lanes.waiting, bench.lanes.inFlight]).toEqual([0, 0]);
}

/** One transport a device, no more than the window, by the plan of that moment, and in time. */
function expectProper(leaving: Leaving, bench: LaneBench, window: number): void {
  const { command, transport, decided, plan, onWire } = leaving;
  expect(transport).toBe(decided);
  expect(onWire.filter((other) => other !== transport)).toEqual([]);
  expect(onWire.length).toBeLessThan(transport === 'new' ? window : 1);
  expect(command.deadlineAt).toBeGreaterThan(leaving.at);
  const { revision, generation } = plan;
  expect(bench.receipts.get(command.id)).toMatchObject({ transport, revision, generation });
}

function expectBounded({ lanes, deliverer }: LaneBench): void {
  for (const id of DEVICES) expect(lanes.depthOf(id).waiting).toBeLessThanOrEqual(CAPACITY + BLOCKED_LIMIT);
  expect(lanes.inFlight).toBe(deliverer.onWire().length);
}

function expectOneReceiptEach({ bench: { facts, receipts, deliverer }, submitted }: Run): void {
  const settled = facts.flatMap((fact) => (fact.kind === 'command_settled' ? [fact.commandId] : []));
  expect([...settled].sort()).toEqual([...submitted].sort());
  expect([...receipts.keys()].sort()).toEqual([...submitted].sort());
  const left = new Set(deliverer.left);
  for (const [id, receipt] of receipts) {
    if (left.has(id)) expect(receipt.attempts).toBe(1);
    else expect(receipt).toMatchObject({ attempts: 0, latencyMs: 0 });
  }
}

function expectOrder({ bench, submitted }: Run): void {
  for (const id of DEVICES) {
    const left = bench.deliverer.deliveries.filter(({ command }) => command.deviceId === id);
    const places = left.map(({ command }) => submitted.indexOf(command.id));
    expect(places).toEqual([...places].sort((one, other) => one - other));
  }
}

function expectDroppedEnded({ facts, deliverer, receipts }: LaneBench): void {
  const left = new Set(deliverer.left);
  for (const fact of facts) {
    if (fact.kind !== 'queue_dropped') continue;
    expect(left.has(fact.commandId)).toBe(false);
    expect(receipts.get(fact.commandId)?.outcome).toBe('queue_full');
  }
}

function expectSwitchesInTurn({ facts }: LaneBench, id: string): void {
  const reasons = facts.flatMap((fact) =>
    fact.kind === 'queue_policy_switched' && fact.deviceId === id ? [fact.reason] : [],
  );
  expect(reasons).toEqual(reasons.map((_, turn) => (turn % 2 === 0 ? 'deadlock_prevention' : 'recovered')));
}

const CASES = QUEUE_POLICIES.flatMap((policy) => [1, 3].map((window) => ({ policy, window })));

describe('lanes under any sequence of submissions, plans, handovers, endings and lost links', () => {
  test.each(CASES)(
    'give one receipt a command, keep the order and never mix transports: $policy, a window of $window',
    async (settings) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const run = begin(settings);
          for (const one of steps) await take(run, one);
          await finish(run, settings.window);
        }),
        { numRuns: 300 },
      );
    },
  );
});
