import fc from 'fast-check';
import { armedDocument, contextWith, documentWith } from '../../test/support/plans';
import { devicesOnNew, eventOf, madeEvent } from '../../test/support/rollout-arbitraries';
import { decide } from './decide';
import type { Change } from './decision';
import { auditedState, isLatched, type RolloutDocument } from './document';
import type { RolloutEvent } from './event';
import { shareMoved } from './exposure';
import { rungOf } from './ladder';
import { documentSchema } from './stored-schema';

const MAX_STEP = 25;
const context = contextWith();
/** Long ones too: fast-check would mostly try short ones. */
const history = fc.array(madeEvent, { maxLength: 40, size: 'max' });
const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

describe('a rollout under any sequence of events', () => {
  test('keeps its promises at every step', () => {
    const reached = { raised: 0, latched: 0, released: 0, promoted: 0 };
    fc.assert(
      fc.property(history, (steps) => {
        let document = armedDocument('canary-10', {
          percentage: 10,
          holdback: 5,
          pins: { '37962469': 'new' },
        });
        let now = START_MS;
        for (const step of steps) {
          now += step.hours * HOUR_MS;
          const event = eventOf(document, step, now);
          const before = document;
          document = expectStep(document, event);
          count(reached, before, document, event);
        }
      }),
      { numRuns: 150 },
    );
    // A property that never gets anywhere proves nothing.
    for (const times of Object.values(reached)) expect(times).toBeGreaterThan(0);
  });

  test('never raises what is latched without a release by a person in between', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let document = latchedAt(25);
        const ceiling = devicesOnNew(document);
        let now = START_MS;
        for (const step of steps) {
          now += step.hours * HOUR_MS;
          const event = eventOf(document, step, now);
          if (event.kind === 'release') continue;
          const decision = decide(document, event, context);
          if (decision.kind !== 'change') continue;
          document = decision.document;
          expect(isLatched(document)).toBe(true);
          expectWithin(devicesOnNew(document), ceiling);
        }
      }),
      { numRuns: 150 },
    );
  });
});

function count(
  reached: Record<'raised' | 'latched' | 'released' | 'promoted', number>,
  before: RolloutDocument,
  after: RolloutDocument,
  event: RolloutEvent,
): void {
  if (after === before) return;
  if (after.plan.percentage > before.plan.percentage) reached.raised += 1;
  if (isLatched(after) && !isLatched(before)) reached.latched += 1;
  if (event.kind === 'release') reached.released += 1;
  if (event.kind === 'tick' && after.position.stage !== before.position.stage && !isLatched(after))
    reached.promoted += 1;
}

function latchedAt(percentage: number): RolloutDocument {
  const automation = { kind: 'latched', since: '', by: 'guard', reason: 'it burns' } as const;
  return { ...documentWith({ percentage, holdback: 5 }), automation };
}

function expectStep(before: RolloutDocument, event: RolloutEvent): RolloutDocument {
  const untouched = structuredClone(before);
  const decision = decide(before, event, context);
  expect(before).toEqual(untouched);
  expectGenerationMinded(before, event);
  if (event.expectedRevision !== undefined && event.expectedRevision !== before.plan.revision)
    expect(decision).toMatchObject({ kind: 'refused', error: { code: 'revision.mismatch' } });
  else if (event.kind === 'tick') expectDemandsMet(before, event);
  if (decision.kind !== 'change') return before;

  expectBooked(before, event, decision);
  expectSafe(before, event, decision);
  expectNested(before, event, decision);
  expectSettled(event, decision);
  return decision.document;
}

/** Evidence of another generation moves nothing and leaves nothing but a line in the trail. */
function expectGenerationMinded(before: RolloutDocument, event: RolloutEvent): void {
  const about =
    event.kind === 'tick' ? event.judgement.generation : 'generation' in event ? event.generation : undefined;
  if (about === undefined || about === before.plan.generation) return;
  const { kind } = decide(before, { ...event, expectedRevision: undefined }, context);
  expect(kind).toBe(event.kind === 'tick' ? 'unchanged' : 'dropped');
}

/** Whatever the mode, the state and what else the judgement says: a demanded rollback is at 0 % and latched. */
function expectDemandsMet(before: RolloutDocument, event: Extract<RolloutEvent, { kind: 'tick' }>): void {
  if (event.judgement.generation !== before.plan.generation) return;
  if (!event.judgement.demands.some(({ kind }) => kind === 'rollback')) return;
  const first = event.judgement.demands.filter(({ kind }) => kind === 'rollback');
  const severe = { ...event, judgement: { ...event.judgement, demands: first } };
  const decision = decide(before, severe, context);
  const after = decision.kind === 'change' ? decision.document : before;
  expect([after.plan.percentage, after.automation.kind]).toEqual([0, 'latched']);
}

/** Who, why and when, in one document that can be stored. */
function expectBooked(
  before: RolloutDocument,
  event: RolloutEvent,
  { document: after, entry }: Change,
): void {
  const { plan } = after;
  expect(plan.revision).toBe(before.plan.revision + 1);
  expect(plan.generation - before.plan.generation).toBe(
    entry.action === 'rollback' || entry.action === 'release' ? 1 : 0,
  );
  expect(plan).toMatchObject({ setAt: event.at });
  expect(entry).toMatchObject({ by: event.by, at: event.at });
  expect(entry.reason).not.toBe('');
  expect([entry.before, entry.after]).toEqual([auditedState(before), auditedState(after)]);
  expect(documentSchema.parse(JSON.parse(JSON.stringify(after)))).toEqual(after);
  expect(rungOf(context.ladder, after.position, plan.percentage).stage.percentage).toBeLessThanOrEqual(
    plan.percentage,
  );
}

function expectSafe(before: RolloutDocument, event: RolloutEvent, change: Change): void {
  const { document: after, order, handOver, entry } = change;
  const [was, is] = [devicesOnNew(before), devicesOnNew(after)];
  const raised = [...is].some((id) => !was.has(id));
  // What acts before it is stored gives no device to the new transport; what takes one away waits for nothing.
  if (order === 'act_first') expect(raised).toBe(false);
  if (after.plan.percentage < before.plan.percentage) expect(order).toBe('act_first');
  expect(handOver).toBe(entry.action === 'rollback');
  expect(isLatched(after)).toBe(
    entry.action === 'rollback' || (isLatched(before) && event.kind !== 'release'),
  );
  if (!raised) return;
  expect(before.freeze).toBeNull();
  expect(isLatched(before) && event.kind !== 'release').toBe(false);
  if (event.kind === 'tick') expect(before.automation.kind).toBe('armed');
  if (!('confirmed' in event && event.confirmed) && event.kind !== 'release')
    expect(shareMoved(before.plan, after.plan)).toBeLessThan(MAX_STEP + 0.0005);
}

/** A raise of the percentage moves no device back, a lowering none forward. */
function expectNested(before: RolloutDocument, event: RolloutEvent, { document: after }: Change): void {
  if (event.kind !== 'set_percentage' && event.kind !== 'set_holdback') return;
  const [was, is] = [devicesOnNew(before), devicesOnNew(after)];
  const up = after.plan.percentage > before.plan.percentage || after.plan.holdback < before.plan.holdback;
  if (up) expectWithin(was, is);
  else expectWithin(is, was);
}

/** The same again and again, as by a second leader or a repeated webhook: one step up at most, or none. */
function expectSettled(event: RolloutEvent, change: Change): void {
  const again = { ...event, expectedRevision: undefined };
  if (event.kind === 'rollback') {
    const { kind } = decide(change.document, again, context);
    expect(kind).toBe(event.generation === undefined ? 'unchanged' : 'dropped');
  }
  if (event.kind !== 'tick') return;
  const actions: string[] = [];
  for (let next: Change | undefined = change; next; next = changeOf(next.document, again)) {
    actions.push(next.entry.action);
    expect(actions.length).toBeLessThan(5);
  }
  expect(actions.filter((action) => action === 'promote').length).toBeLessThan(2);
}

function changeOf(document: RolloutDocument, event: RolloutEvent): Change | undefined {
  const decision = decide(document, event, context);
  return decision.kind === 'change' ? decision : undefined;
}

function expectWithin(few: ReadonlySet<string>, many: ReadonlySet<string>): void {
  expect([...few].filter((id) => !many.has(id))).toEqual([]);
}
