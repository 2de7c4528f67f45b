import fc from 'fast-check';
import { latchedDocument, documentWith } from '../../test/support/plans';
import { RolloutBench } from '../../test/support/rollout-bench';
import { isLatched, type RolloutDocument } from './document';

type Step =
  | { readonly do: 'set'; readonly percentage: number }
  | { readonly do: 'rollback' | 'release' | 'settle' | 'second' }
  | { readonly do: 'answer'; readonly failing: boolean; readonly which: number };

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('set'), percentage: fc.constantFrom(0, 5, 10, 25, 50, 100) }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'rollback' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'release' }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer'), failing: fc.boolean(), which: fc.nat({ max: 2 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ do: 'settle' }) },
  { weight: 1, arbitrary: fc.constant({ do: 'second' }) },
) as fc.Arbitrary<Step>;

const first = fc.constantFrom(documentWith({ percentage: 10 }), latchedDocument());

/** A wish asks for a name of its own, by which its result and its audit entry are found again. */
async function take(bench: RolloutBench, the: Step, name: string): Promise<void> {
  switch (the.do) {
    case 'set':
      expectLowersAtOnce(bench, the.percentage, () => bench.set(the.percentage, name));
      break;
    case 'rollback':
      expectLowersAtOnce(bench, 0, () => bench.rollBack(name));
      expect(isLatched(bench.rollout.document)).toBe(true);
      break;
    case 'release':
      bench.release(name);
      break;
    case 'answer':
      bench.store.answer(the);
      break;
    case 'settle':
      await bench.settle();
      break;
    case 'second':
      await bench.clock.advanceAsync(1_000);
  }
}

function expectLowersAtOnce(bench: RolloutBench, to: number, wish: () => void): void {
  const before = bench.percentage;
  wish();
  expect(bench.percentage).toBe(Math.min(before, to));
}

/** Whatever lets more through was stored when it took effect, and a latch lets nothing through. */
function expectSafe(bench: RolloutBench, began: RolloutDocument): void {
  let last = began;
  for (const { document, stored } of bench.acts) {
    const rises = document.plan.percentage > last.plan.percentage;
    if (rises || (isLatched(last) && !isLatched(document))) expect(stored).toEqual(document);
    expect(rises && isLatched(last)).toBe(false);
    expect(document.plan.revision).toBeGreaterThan(last.plan.revision);
    last = document;
  }
}

/** The store is well again: everything ends, and the store holds what is in effect. */
async function recover(bench: RolloutBench): Promise<void> {
  bench.store.manual = false;
  while (bench.store.waiting > 0) {
    bench.store.answer();
    await bench.settle();
  }
  await bench.clock.advanceAsync(1_000);
  expect(bench.store.document).toEqual(bench.rollout.document);
  expect(bench.clock.pendingTimers).toBe(0);
}

function expectAudited(bench: RolloutBench, wishes: number, began: number): void {
  expect(bench.results.size).toBe(wishes);
  const { entries } = bench.store;
  const revisions = entries.map(({ after }) => after.revision);
  expect(revisions).toEqual(revisions.map((_, at) => began + 1 + at));
  expect(new Set(entries.map(({ reason }) => reason)).size).toBe(entries.length);
  const kept = new Set(entries.map(({ reason }) => reason));
  for (const { document } of bench.acts) expect(kept).toContain(document.plan.reason);
}

describe('a rollout above a store that is slow, fails and recovers', () => {
  test('lowers at once, raises only what is stored, ends in agreement, and forgets no change', async () => {
    await fc.assert(
      fc.asyncProperty(first, fc.array(step, { maxLength: 30 }), async (document, steps) => {
        const bench = await RolloutBench.following(document);
        bench.store.manual = true;
        for (const [at, the] of steps.entries()) await take(bench, the, `wish ${at}`);
        await recover(bench);
        expectSafe(bench, document);
        const wishes = steps.filter((the) => ['set', 'rollback', 'release'].includes(the.do)).length;
        expectAudited(bench, wishes, document.plan.revision);
      }),
      { numRuns: 1_000 },
    );
  });

  test('ends at 0 % and latched after a rollback, whatever raises were asked for before it', async () => {
    const before = fc.array(
      step.filter((the) => the.do !== 'release'),
      { maxLength: 15 },
    );
    const answers = fc.array(
      step.filter((the) => !['set', 'rollback', 'release'].includes(the.do)),
      { maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(before, answers, async (asked, answered) => {
        const bench = await RolloutBench.following();
        bench.store.manual = true;
        for (const [at, the] of asked.entries()) await take(bench, the, `wish ${at}`);
        bench.rollBack('the last word');
        const acts = bench.acts.length;
        for (const the of answered) await take(bench, the, '');
        await recover(bench);
        for (const { document } of bench.acts.slice(acts)) expect(document.plan.percentage).toBe(0);
        expect(bench.store.document).toMatchObject({
          plan: { percentage: 0 },
          automation: { kind: 'latched' },
        });
      }),
      { numRuns: 500 },
    );
  });
});
