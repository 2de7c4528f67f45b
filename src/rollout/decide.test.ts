import { documentWith, latchedDocument } from '../../test/support/plans';
import { decide, type Change, type RolloutDecision } from './decide';
import type { RolloutEvent } from './event';
import type { RolloutDocument } from './document';

const WISH = { by: 'ana', reason: 'try a tenth', at: '2026-01-02T03:04:05.000Z' };
const POLICY = { maxStep: 25 };

const set = (percentage: number, confirmed = false): RolloutEvent => ({
  ...WISH,
  kind: 'set_percentage',
  percentage,
  confirmed,
});
const rollback: RolloutEvent = { ...WISH, kind: 'rollback', evidence: { failures: 12 } };
const release: RolloutEvent = { ...WISH, kind: 'release' };

function changeOf(decision: RolloutDecision): Change {
  if (decision.kind !== 'change') throw new Error(`expected a change, got ${decision.kind}`);
  return decision;
}

/** The code of a refusal, "unchanged", or where it leads in short. */
function brief(document: RolloutDocument, decision: RolloutDecision): string {
  if (decision.kind === 'refused') return decision.error.code;
  if (decision.kind === 'unchanged') return 'unchanged';
  const { plan, automation } = decision.document;
  const generation = plan.generation - document.plan.generation;
  return `${plan.percentage} % ${automation.kind} +${generation} ${decision.order}${decision.handOver ? ' handover' : ''}`;
}

describe('decide', () => {
  const manual = documentWith({ percentage: 10, revision: 4, generation: 2 });
  const atZero = documentWith({ percentage: 0 });
  const latchedAtTen = latchedDocument({ percentage: 10 });
  const latched = latchedDocument({ percentage: 0, revision: 9, generation: 3 });

  test.each<[string, RolloutDocument, RolloutEvent, string]>([
    ['a raise within the step', manual, set(35), '35 % manual +0 persist_first'],
    ['a raise beyond the step', manual, set(35.001), 'rollout.confirmation_required'],
    ['a confirmed raise beyond the step', manual, set(100, true), '100 % manual +0 persist_first'],
    ['a lowering, however far', documentWith({ percentage: 100 }), set(0), '0 % manual +0 act_first'],
    ['a lowering by a thousandth', manual, set(9.999), '9.999 % manual +0 act_first'],
    ['the percentage that is there', manual, set(10), 'unchanged'],
    ['a raise while latched', latched, set(1, true), 'rollout.latched'],
    ['zero while latched', latched, set(0), 'unchanged'],
    ['a rollback', manual, rollback, '0 % latched +1 act_first handover'],
    ['a rollback at 0 % that no latch holds', atZero, rollback, '0 % latched +1 act_first handover'],
    ['a rollback again', latched, rollback, 'unchanged'],
    [
      'a rollback of a latched file that somebody wrote 10 % into',
      latchedAtTen,
      rollback,
      '0 % latched +1 act_first handover',
    ],
    ['a release', latched, release, '0 % manual +1 persist_first'],
    ['a release of what is not latched', manual, release, 'rollout.not_latched'],
  ])('makes of %s what the rules say', (_name, document, event, expected) => {
    expect(brief(document, decide(document, event, POLICY))).toBe(expected);
  });

  test.each([
    [7.002, 32.002],
    [0.1, 25.1],
    [15.003, 40.003],
  ])('measures a step from %d %% to %d %% in whole thousandths, without binary dirt', (from, to) => {
    expect(decide(documentWith({ percentage: from }), set(to), POLICY).kind).toBe('change');
  });

  test('writes down who, why and when in the plan, in the latch and in the audit entry', () => {
    const { document, entry } = changeOf(decide(manual, rollback, POLICY));
    expect(document.plan).toEqual({
      ...manual.plan,
      percentage: 0,
      revision: 5,
      generation: 3,
      setBy: 'ana',
      reason: 'try a tenth',
      setAt: WISH.at,
    });
    expect(document.automation).toEqual({
      kind: 'latched',
      since: WISH.at,
      by: 'ana',
      reason: 'try a tenth',
    });
    expect(entry).toEqual({
      ...WISH,
      action: 'rollback',
      before: { percentage: 10, revision: 4, generation: 2, automation: 'manual' },
      after: { percentage: 0, revision: 5, generation: 3, automation: 'latched' },
      evidence: { failures: 12 },
    });
  });

  test('refuses a wish made for another revision and says who changed it and why', () => {
    const stale: RolloutEvent = { ...set(20), expectedRevision: 3 };
    const decision = decide(
      documentWith({ percentage: 10, revision: 4, setBy: 'ben', reason: 'noise' }),
      stale,
      POLICY,
    );
    expect(decision).toMatchObject({ kind: 'refused', error: { code: 'revision.mismatch' } });
    const message = decision.kind === 'refused' ? decision.error.message : '';
    expect(message).toBe('revision 3 is not current: ben made revision 4 (10 %) because "noise"');
    expect(decide(manual, { ...stale, expectedRevision: 4 }, POLICY).kind).toBe('change');
  });

  test('refuses every kind of wish made for another revision, a rollback too', () => {
    for (const event of [set(5), rollback, release])
      expect(decide(latched, { ...event, expectedRevision: 8 }, POLICY)).toMatchObject({
        error: { code: 'revision.mismatch', facts: { current: latched } },
      });
  });

  test('says who latched, since when, why, and how to release', () => {
    const decision = decide(latched, set(1), POLICY);
    expect(decision).toMatchObject({
      error: {
        message:
          'latched since 2026-01-01T00:00:00.000Z by guard ("replies are missing"); nothing is raised until somebody releases it: pointsman release --reason "…"',
      },
    });
  });

  test('says that a rollback has nothing to do, and in which generation', () => {
    expect(decide(latched, rollback, POLICY)).toEqual({
      kind: 'unchanged',
      why: 'already at 0 % in generation 3',
    });
  });
});
