import fc from 'fast-check';
import { documentWith } from '../../test/support/plans';
import { decide, type Change } from './decide';
import type { RolloutEvent } from './event';
import { auditedState, isLatched, type RolloutDocument } from './document';

const wish = fc.record({
  by: fc.constantFrom('ana', 'ben', 'guard'),
  reason: fc.string({ minLength: 1 }),
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  /** Behind the current revision by so much. */
  behind: fc.option(fc.nat({ max: 2 }), { nil: undefined, freq: 4 }),
});
const percentage = fc.oneof(
  fc.constantFrom(0, 10, 100),
  fc.nat({ max: 100_000 }).map((steps) => steps / 1000),
);
const deed = fc.oneof(
  fc.record({ kind: fc.constant('set_percentage'), percentage, confirmed: fc.boolean() }),
  fc.constant({ kind: 'rollback', evidence: {} }),
  fc.constant({ kind: 'release' }),
);
const step = fc.record({ wish, deed });
const MAX_STEP = 25;

function eventOf({ plan }: RolloutDocument, made: { wish: object; deed: object }): RolloutEvent {
  const { behind, ...wished } = made.wish as { behind?: number };
  const expectedRevision = behind === undefined ? undefined : plan.revision - behind;
  return { ...wished, ...made.deed, expectedRevision } as RolloutEvent;
}

describe('a rollout under any sequence of wishes', () => {
  test('keeps its promises at every step', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let document = documentWith({ percentage: 10, holdback: 5, pins: { '37962469': 'new' } });
        for (const made of steps) document = expectStep(document, eventOf(document, made));
      }),
    );
  });
});

function expectStep(before: RolloutDocument, event: RolloutEvent): RolloutDocument {
  const frozen = structuredClone(before);
  const decision = decide(before, event, { maxStep: MAX_STEP });
  expect(before).toEqual(frozen);
  if (event.expectedRevision !== undefined && event.expectedRevision !== before.plan.revision)
    expect(decision).toMatchObject({ kind: 'refused', error: { code: 'revision.mismatch' } });
  if (decision.kind !== 'change') return before;

  expectBooked(before, event, decision);
  expectSafe(before, event, decision);
  return decision.document;
}

/** Revision, generation, who and why; and nothing else of the plan but the percentage moves. */
function expectBooked(
  before: RolloutDocument,
  event: RolloutEvent,
  { document: after, entry }: Change,
): void {
  const bumps = event.kind !== 'set_percentage';
  expect(after.plan).toEqual({
    ...before.plan,
    percentage: event.kind === 'set_percentage' ? event.percentage : 0,
    revision: before.plan.revision + 1,
    generation: before.plan.generation + (bumps ? 1 : 0),
    setBy: event.by,
    reason: event.reason,
    setAt: event.at,
  });
  expect(entry).toMatchObject({ by: event.by, reason: event.reason, at: event.at, action: event.kind });
  expect([entry.before, entry.after]).toEqual([auditedState(before), auditedState(after)]);
}

function expectSafe(before: RolloutDocument, event: RolloutEvent, change: Change): void {
  const { document: after, order, handOver } = change;
  const rise = after.plan.percentage - before.plan.percentage;
  expect(isLatched(after)).toBe(event.kind === 'rollback' || (isLatched(before) && event.kind !== 'release'));
  expect(rise > 0 && isLatched(before)).toBe(false);
  expect(handOver).toBe(event.kind === 'rollback');
  // What can move a device to new is stored first: a raise, and a release, which brings back the pins to new.
  expect(order).toBe(rise > 0 || event.kind === 'release' ? 'persist_first' : 'act_first');
  if (event.kind === 'set_percentage' && !event.confirmed) expect(rise).toBeLessThan(MAX_STEP + 0.0005);
  if (event.kind === 'rollback') {
    const again = { ...event, expectedRevision: undefined };
    expect(decide(after, again, { maxStep: MAX_STEP }).kind).toBe('unchanged');
  }
}
