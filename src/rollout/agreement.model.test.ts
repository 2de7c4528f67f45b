import fc from 'fast-check';
import { documentWith, latchedDocument } from '../../test/support/plans';
import { isLongRun } from '../../test/support/long-run';
import { UnreliablePlans, type Fate } from '../../test/support/unreliable-plans';
import { ManualClock } from '../kernel/manual-clock';
import { decide } from './decide';
import { defaultLadder } from './default-ladder';
import { isLatched, type RolloutDocument } from './document';
import { Rollout, type Wished } from './rollout';

const LADDER = defaultLadder(0);
const POLICY = { maxStep: 100, maxPins: 100 };
const PROCESSES = ['a', 'b', 'c'];
const ROUNDS_TO_AGREE = 60;

/** What a person wished for that somebody decided to do. */
interface Granted {
  readonly wish: Wished['kind'];
  readonly from: RolloutDocument;
  readonly to: RolloutDocument;
}

/** Several processes that share one unreliable store, and all that they did. */
class Scattered {
  readonly clock = new ManualClock();
  readonly plans: UnreliablePlans;
  readonly granted: Granted[] = [];
  /** What each routed by, in order. */
  readonly routed: RolloutDocument[][] = [];
  private readonly rollouts: Rollout[];

  constructor(first: RolloutDocument) {
    this.plans = new UnreliablePlans(first);
    this.rollouts = PROCESSES.map((replica) => this.start(replica));
  }

  get documents(): RolloutDocument[] {
    return this.rollouts.map(({ document }) => document);
  }

  get waiting(): number {
    return this.rollouts.reduce((sum, { store }) => sum + store.waiting, 0);
  }

  /** All that is under way arrives. */
  async arrive(): Promise<void> {
    for (let moves = 0; !this.plans.isQuiet && moves < 1_000; moves += 1) {
      this.plans.moveQuestion(0, 'arrives');
      this.plans.moveAnswer(0, 'arrives');
      this.plans.moveMessage(0, 'arrives');
      await this.clock.advanceAsync(0);
    }
  }

  rollout(who: number): Rollout {
    return this.rollouts[who] as Rollout;
  }

  private start(replica: string): Rollout {
    const routed: RolloutDocument[] = [];
    this.routed.push(routed);
    const rollout = new Rollout({
      clock: this.clock,
      observe: () => {},
      store: this.plans.connection(),
      replica,
      decide: (from, event, writer) => {
        const decision = decide(from, event, { policy: POLICY, ladder: LADDER, writer });
        if (decision.kind === 'change') this.granted.push({ wish: event.kind, from, to: decision.document });
        return decision;
      },
      first: { holdback: 0, ladder: LADDER, seed: { percentage: 0, mirror: false, cohort: [] } },
      act: (document) => routed.push(document),
    });
    void rollout.open();
    return rollout;
  }
}

type Step =
  | { readonly do: 'set'; readonly who: number; readonly percentage: number }
  | { readonly do: 'rollback' | 'release'; readonly who: number }
  | { readonly do: 'question' | 'answer' | 'message'; readonly which: number; readonly fate: Fate }
  | { readonly do: 'forget'; readonly which: number | undefined }
  | { readonly do: 'poll' | 'second' };

const who = fc.nat({ max: PROCESSES.length - 1 });
const which = fc.nat({ max: 7 });
const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant('arrives') },
  { weight: 1, arbitrary: fc.constantFrom('is lost', 'is late') },
);
const traffic = ['question', 'answer', 'message'].map((what) => ({
  weight: 5,
  arbitrary: fc.record({ do: fc.constant(what), which, fate }),
}));
const usual = [
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('set'), who, percentage: fc.constantFrom(0, 5, 20, 50, 100) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rollback'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release'), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('poll', 'second') }) },
  ...traffic,
];
const forgetting = {
  weight: 1,
  arbitrary: fc.record({ do: fc.constant('forget'), which: fc.option(which, { nil: undefined, freq: 2 }) }),
};
const first = fc.constantFrom(documentWith({ percentage: 10 }), latchedDocument());

/** How it ends is for other tests. What lowers has lowered when the call returns, and what raises has not raised. */
function expectLowersAtOnce(rollout: Rollout, wished: Wished): void {
  const before = rollout.document.plan.percentage;
  rollout.apply(wished).catch(() => {});
  if (wished.kind === 'release') return;
  const to = wished.kind === 'set_percentage' ? wished.percentage : 0;
  expect(rollout.document.plan.percentage).toBe(Math.min(before, to));
  expect(wished.kind === 'rollback' && !isLatched(rollout.document)).toBe(false);
}

async function take(scattered: Scattered, the: Step, name: string): Promise<void> {
  const { plans, clock } = scattered;
  const said = { by: 'ana', reason: name };
  switch (the.do) {
    case 'set':
      expectLowersAtOnce(scattered.rollout(the.who), {
        kind: 'set_percentage',
        percentage: the.percentage,
        confirmed: true,
        ...said,
      });
      break;
    case 'rollback':
      expectLowersAtOnce(scattered.rollout(the.who), { kind: 'rollback', to: 'zero', evidence: {}, ...said });
      break;
    case 'release':
      expectLowersAtOnce(scattered.rollout(the.who), { kind: 'release', ...said });
      break;
    case 'question':
      plans.moveQuestion(the.which, the.fate);
      break;
    case 'answer':
      plans.moveAnswer(the.which, the.fate);
      break;
    case 'message':
      plans.moveMessage(the.which, the.fate);
      break;
    case 'forget':
      plans.forget(the.which);
      break;
    case 'poll':
      plans.poll();
      break;
    case 'second':
      await clock.advanceAsync(1_000);
  }
  await clock.advanceAsync(0);
}

/** Nothing is lost any more, and everybody looks once a second. */
async function calmDown(scattered: Scattered): Promise<void> {
  const { plans, clock } = scattered;
  for (let round = 0; round < ROUNDS_TO_AGREE; round += 1) {
    await scattered.arrive();
    await clock.advanceAsync(1_000);
    plans.poll();
    await scattered.arrive();
  }
}

/** Whoever was latched is latched, unless a person has released a generation that is not older. */
function expectLatchesKept({ routed, granted }: Scattered): void {
  const released = granted.filter(({ wish }) => wish === 'release').map(({ to }) => to.plan.generation);
  for (const documents of routed) {
    documents.slice(1).forEach((after, at) => {
      const before = documents[at] as RolloutDocument;
      if (!isLatched(before) || isLatched(after)) return;
      const [from, to] = [before.plan.generation, after.plan.generation];
      expect(released.filter((generation) => generation > from && generation <= to)).not.toEqual([]);
    });
  }
}

/** Who goes up follows a person who raised in this generation, as far as that person allowed and no further. */
function expectRaisedByPeople({ routed, granted, plans }: Scattered, began: RolloutDocument): void {
  const raises = granted.filter(
    ({ wish, from, to }) => wish !== 'rollback' && to.plan.percentage > from.plan.percentage,
  );
  for (const documents of routed) {
    documents.slice(1).forEach(({ plan, automation }, at) => {
      const before = (documents[at] as RolloutDocument).plan;
      if (plan.percentage <= before.percentage) return;
      expect(automation.kind).not.toBe('latched');
      const allowed = [began, ...raises.map(({ to }) => to)]
        .filter((document) => document.plan.generation === plan.generation)
        .map((document) => document.plan.percentage);
      expect(plan.percentage).toBeLessThanOrEqual(Math.max(...allowed));
      expect(plans.everStored.map(({ plan: stored }) => stored.percentage)).toContain(plan.percentage);
    });
  }
}

/**
 * Without a release of a later generation a rollback is the last word. One that was wished for by a process that knew
 * nothing yet may have come after a release: it counts when it has met what is stored.
 */
function expectRollbacksObeyed({ granted, documents }: Scattered): void {
  const knowing = granted.filter(({ from }) => from.plan.revision > 0);
  const highest = (wish: Wished['kind']): number =>
    Math.max(0, ...knowing.filter((one) => one.wish === wish).map(({ to }) => to.plan.generation));
  if (highest('rollback') === 0 || highest('release') > highest('rollback')) return;
  for (const document of documents) {
    expect(isLatched(document)).toBe(true);
    expect(document.plan.percentage).toBe(0);
  }
}

async function play(began: RolloutDocument, steps: readonly Step[]): Promise<Scattered> {
  const scattered = new Scattered(began);
  await scattered.arrive();
  for (const [at, the] of steps.entries()) await take(scattered, the, `wish ${at}`);
  await calmDown(scattered);
  return scattered;
}

describe('processes that share a store whose answers are lost, late and out of order', () => {
  const RUNS = { numRuns: isLongRun ? 5_000 : 300 };

  test('agree in the end; none undoes a rollback; none goes up but by what a person stored', async () => {
    const steps = fc.array(fc.oneof(...usual) as fc.Arbitrary<Step>, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(first, steps, async (began, all) => {
        const scattered = await play(began, all);
        const { plans, documents } = scattered;
        for (const document of documents) expect(document).toEqual(plans.document);
        expect(scattered.waiting).toBe(0);
        expectLatchesKept(scattered);
        expectRaisedByPeople(scattered, began);
        expectRollbacksObeyed(scattered);
        // What nobody lost is followed as it is: whoever goes up does so to the very document that a person made.
        const raised = new Set(scattered.granted.map(({ to }) => to.writer)).add(began.writer);
        for (const one of scattered.routed)
          for (const { writer } of one.slice(1)) expect(raised).toContain(writer);
      }),
      RUNS,
    );
  }, 600_000);

  test('do so too when the store falls back to what it was, or to nothing', async () => {
    const steps = fc.array(fc.oneof(...usual, forgetting) as fc.Arbitrary<Step>, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(first, steps, async (began, all) => {
        const scattered = await play(began, all);
        const { plans, documents } = scattered;
        for (const document of documents) expect(document).toEqual(plans.document);
        expect(scattered.waiting).toBe(0);
        expectLatchesKept(scattered);
        expectRaisedByPeople(scattered, began);
        expectRollbacksObeyed(scattered);
      }),
      RUNS,
    );
  }, 600_000);
});
