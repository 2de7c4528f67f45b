import { documentWith, inStage, latchedDocument, STAMP } from '../../test/support/plans';
import type { RolloutDocument } from './document';
import { isSame, reconcile, type Reconciled } from './reconcile';

const BY = { writer: 'replica-3', at: '2026-01-02T03:04:05.000Z' };
const written = (document: RolloutDocument, writer: string): RolloutDocument => ({ ...document, writer });
const at = (generation: number, revision: number, percentage: number, writer = 'one'): RolloutDocument =>
  written(documentWith({ generation, revision, percentage, holdback: 5 }), writer);
const latchedAt = (generation: number, revision: number, percentage: number): RolloutDocument =>
  written(latchedDocument({ generation, revision, percentage, holdback: 5 }), 'one');

function meet(known: RolloutDocument, seen: RolloutDocument): Reconciled {
  return reconcile(known, { kind: 'found', document: seen }, BY);
}

/** Where it leads: follow, or the new state in short. */
function brief(known: RolloutDocument, seen: RolloutDocument): string {
  const made = meet(known, seen);
  if (made.kind === 'adopt') return made.handOver ? 'adopt handover' : 'adopt';
  if (made.kind !== 'reassert') return made.kind;
  const { plan, automation } = made.document;
  return `g${plan.generation} r${plan.revision} ${plan.percentage} % ${automation.kind}${made.handOver ? ' handover' : ''}`;
}

describe('what a process makes of what it finds in the store', () => {
  test.each<[string, RolloutDocument, RolloutDocument, string]>([
    ['what it knows', at(1, 4, 10), at(1, 4, 10), 'same'],
    ['the next revision', at(1, 4, 10), at(1, 5, 25), 'adopt'],
    ['a revision much later', at(1, 4, 10), at(1, 9, 50), 'adopt'],
    ['a rollback', at(1, 4, 10), latchedAt(2, 5, 0), 'adopt handover'],
    ['a release', latchedAt(2, 5, 0), at(3, 6, 0), 'adopt'],
    ['a lower revision with more', at(1, 5, 10), at(1, 4, 25), 'g1 r6 10 % manual'],
    ['a lower revision with less', at(1, 5, 25), at(1, 4, 10), 'g1 r6 10 % manual'],
    ['another document under the same revision', at(1, 5, 25), at(1, 5, 10, 'two'), 'g1 r6 10 % manual'],
    ['the same said by another', at(1, 5, 25), at(1, 5, 25, 'two'), 'adopt'],
    ['a rollback that is lost', latchedAt(2, 5, 0), at(1, 4, 50), 'g2 r6 0 % latched'],
    ['a lost rollback that others raised over', latchedAt(2, 5, 0), at(1, 8, 75), 'g2 r9 0 % latched'],
    ['a lost latch in the same generation', latchedAt(2, 5, 0), at(2, 8, 75), 'g2 r9 0 % latched'],
    ['a rollback at a lower revision', at(1, 9, 50), latchedAt(2, 5, 25), 'g2 r10 25 % latched handover'],
    ['a new generation at a lower revision', latchedAt(2, 9, 0), at(3, 5, 10), 'g3 r10 0 % latched handover'],
  ])('%s', (_name, known, seen, expected) => {
    expect(brief(known, seen)).toBe(expected);
  });

  test('goes by the more careful half of everything that may put a device on the new transport', () => {
    const known: RolloutDocument = {
      ...at(1, 5, 50),
      automation: { kind: 'armed' },
      plan: documentWith({
        percentage: 50,
        holdback: 2,
        revision: 5,
        pins: { '00000001': 'new', '00000002': 'new', '00000003': 'legacy' },
        mirror: { on: true, percentage: 50 },
      }).plan,
    };
    const seen: RolloutDocument = {
      ...at(1, 4, 75, 'two'),
      freeze: STAMP,
      plan: documentWith({
        percentage: 75,
        holdback: 5,
        revision: 4,
        pins: { '00000001': 'new', '00000004': 'new', '00000005': 'legacy' },
      }).plan,
    };
    for (const made of [meet(known, seen), meet(seen, { ...known, plan: { ...known.plan, revision: 4 } })])
      expect(made).toMatchObject({
        kind: 'reassert',
        document: {
          plan: {
            percentage: 50,
            holdback: 5,
            pins: { '00000001': 'new', '00000003': 'legacy', '00000005': 'legacy' },
            mirror: { on: false },
            setBy: 'pointsman',
          },
          automation: { kind: 'paused', by: 'pointsman' },
          freeze: STAMP,
          writer: 'replica-3',
        },
      });
  });

  test('goes to 0 % when the two have drawn their cohorts differently', () => {
    const other = { ...at(1, 5, 25, 'two'), plan: { ...at(1, 5, 25).plan, salt: 'other' } };
    expect(brief(at(1, 5, 25), other)).toBe('g1 r6 0 % manual');
  });

  test('keeps the position of the lower document, and its evidence only in the same generation', () => {
    const days = [{ day: '2026-01-01', objective: 'command-success', result: 'met' as const }];
    const low = inStage('canary-10', at(1, 4, 10), { days });
    const made = (known: RolloutDocument) => {
      const reconciled = meet(known, low);
      return reconciled.kind === 'reassert' ? reconciled.document.position : undefined;
    };
    expect(made(inStage('canary-50', at(1, 5, 50)))).toEqual(low.position);
    expect(made(inStage('canary-50', latchedAt(2, 5, 50)))).toMatchObject({ stage: '', days: [] });
  });

  test('writes back with an entry that holds both, only over what was seen', () => {
    const [known, seen] = [at(1, 5, 10), at(1, 4, 25)];
    expect(meet(known, seen)).toMatchObject({
      expected: seen,
      alarm: 'the store holds generation 1 revision 4 by one where generation 1 revision 5 by one was known',
      entry: {
        action: 'reassert',
        by: 'pointsman',
        before: { percentage: 10, revision: 5 },
        after: { percentage: 10, revision: 6 },
        evidence: { known, seen },
      },
    });
  });

  test('latches at 0 % when the store has forgotten everything', () => {
    const made = reconcile(at(3, 7, 50), { kind: 'empty' }, BY);
    expect(made).toMatchObject({
      kind: 'reassert',
      expected: 'empty',
      handOver: true,
      document: {
        plan: { percentage: 0, generation: 4, revision: 8, holdback: 5 },
        automation: { kind: 'latched', reason: 'store lost', by: 'pointsman' },
        writer: 'replica-3',
      },
      entry: { action: 'store_lost', before: { percentage: 50 }, after: { percentage: 0 } },
    });
  });

  test('says so again without another generation when the store does not keep that either', () => {
    const lost = reconcile(at(3, 7, 50), { kind: 'empty' }, BY);
    if (lost.kind !== 'reassert') throw new Error(lost.kind);
    const again = reconcile(lost.document, { kind: 'empty' }, BY);
    expect(again).toMatchObject({ kind: 'reassert', document: lost.document, expected: 'empty' });
    expect(again).toMatchObject({ handOver: false });
  });

  test('keeps what it knows, with an alarm, when what is there is not to be believed', () => {
    expect(reconcile(at(3, 7, 50), { kind: 'refused', message: 'a list' }, BY)).toEqual({
      kind: 'keep',
      alarm: 'what the store holds is not to be believed: a list',
    });
  });

  test('tells documents apart by generation, revision and writer', () => {
    expect(isSame(at(1, 2, 10), at(1, 2, 25))).toBe(true);
    for (const other of [at(2, 2, 10), at(1, 3, 10), at(1, 2, 10, 'two')])
      expect(isSame(at(1, 2, 10), other)).toBe(false);
  });
});
