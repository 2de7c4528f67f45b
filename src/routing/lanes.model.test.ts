import fc from 'fast-check';
import { OUTCOMES, TRANSPORTS, type Outcome } from '../kernel/words';
import { LaneBench } from '../../test/support/lane-bench';
import { planWith } from '../../test/support/plans';
import type { Plan } from './plan';

/** Two devices in the fleet, one of which is pinned and unpinned beside the percentage. */
const DEVICES = ['00000001', '00000002'] as const;
const CAPACITY = 3;

type Step =
  | { readonly do: 'submit'; readonly device: (typeof DEVICES)[number]; readonly deadlineMs: number }
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
    arbitrary: fc.record({ do: fc.constant('submit'), device, deadlineMs: fc.integer({ min: 0, max: 9 }) }),
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
) as fc.Arbitrary<Step>;

class Model {
  readonly bench: LaneBench;
  readonly submitted: string[] = [];
  private revision = 1;
  private readonly planOf = new Map<string, Plan>();

  constructor(private readonly window: number) {
    this.bench = new LaneBench({ window, capacity: CAPACITY });
    this.bench.deliverer.onDeliver = (command, transport) => {
      const onWire = this.bench.deliverer.onWire(command.deviceId);
      expect(onWire.filter((other) => other.transport !== transport)).toEqual([]);
      expect(onWire.length).toBeLessThan(transport === 'new' ? this.window : 1);
      expect(transport).toBe(this.bench.router.decide(command.deviceId).transport);
      expect(command.deadlineAt).toBeGreaterThan(this.bench.clock.now());
      this.planOf.set(command.id, this.bench.router.current.plan);
    };
  }

  async take(the: Step): Promise<void> {
    const { bench } = this;
    switch (the.do) {
      case 'submit':
        this.submitted.push(bench.submit({ deviceId: the.device, deadlineMs: the.deadlineMs }));
        return this.expectBounded();
      case 'plan':
        return this.follow({ percentage: the.percentage, pins: the.pins }, false);
      case 'rollback':
        return this.rollBack();
      case 'end':
        return bench.deliverer.onWire()[the.which]?.end(the.outcome);
      case 'connect':
        bench.deliverer.connected = the.connected;
        bench.deliverer.outcomeAtOnce = the.atOnce;
        return;
      case 'wait':
        return bench.clock.advanceAsync(the.ms);
      case 'cancel':
        return bench.lanes.cancelWaiting();
      case 'settle':
        return bench.settle();
    }
  }

  /** Lets everything end, and holds the whole run to what is promised. */
  async finish(): Promise<void> {
    const { bench } = this;
    const drained = bench.lanes.drain();
    bench.deliverer.outcomeAtOnce = undefined;
    for (await bench.settle(); bench.deliverer.onWire().length > 0; await bench.settle())
      for (const delivery of bench.deliverer.onWire()) delivery.end();
    await drained;
    this.expectOneReceiptEach();
    this.expectOrder();
    for (const [id, plan] of this.planOf) expect(bench.receipts.get(id)?.revision).toBe(plan.revision);
    expect(bench.clock.pendingTimers).toBe(0);
    expect([bench.lanes.waiting, bench.lanes.inFlight]).toEqual([0, 0]);
  }

  private follow(plan: Partial<Plan>, latched: boolean): void {
    this.revision += 1;
    this.bench.router.use({ plan: planWith({ ...plan, revision: this.revision }), latched });
  }

  private rollBack(): void {
    this.follow({ percentage: 0 }, true);
    const before = this.bench.deliverer
      .onWire()
      .map((delivery) => ({ delivery, count: delivery.handedOver.length }));
    this.bench.lanes.handOver();
    for (const { delivery, count } of before)
      expect(delivery.handedOver).toHaveLength(delivery.transport === 'new' ? count + 1 : 0);
  }

  private expectBounded(): void {
    for (const id of DEVICES) expect(this.bench.lanes.depthOf(id).waiting).toBeLessThanOrEqual(CAPACITY);
    expect(this.bench.lanes.inFlight).toBe(this.bench.deliverer.onWire().length);
  }

  private expectOneReceiptEach(): void {
    const { facts, receipts } = this.bench;
    const settled = facts.flatMap((fact) => (fact.kind === 'command_settled' ? [fact.commandId] : []));
    expect([...settled].sort()).toEqual([...this.submitted].sort());
    expect([...receipts.keys()].sort()).toEqual([...this.submitted].sort());
    const reached = new Set(this.bench.deliverer.left);
    for (const [id, receipt] of receipts) {
      expect(TRANSPORTS).toContain(receipt.transport);
      if (reached.has(id)) expect(receipt.attempts).toBe(1);
      else expect(receipt).toMatchObject({ attempts: 0, latencyMs: 0 });
    }
  }

  private expectOrder(): void {
    for (const id of DEVICES) {
      const left = this.bench.deliverer.deliveries.filter(({ command }) => command.deviceId === id);
      const places = left.map(({ command }) => this.submitted.indexOf(command.id));
      expect(places).toEqual([...places].sort((one, other) => one - other));
    }
  }
}

describe('lanes under any sequence of submissions, plans, handovers, endings and lost links', () => {
  test.each([1, 3])(
    'give one receipt a command, keep the order and never mix transports, at a window of %i',
    async (window) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
          const model = new Model(window);
          for (const one of steps) await model.take(one);
          await model.finish();
        }),
        { numRuns: 500 },
      );
    },
  );
});
