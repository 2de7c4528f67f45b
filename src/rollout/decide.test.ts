import { judgementWith, verdictWith } from '../../test/support/judgements';
import {
  armedDocument,
  contextWith,
  documentWith,
  inStage,
  latchedDocument,
  STAMP,
} from '../../test/support/plans';
import {
  WISH,
  PAUSED,
  set,
  keepBack,
  pin,
  mirror,
  backTo,
  rollback,
  stop,
  promote,
  plain,
  approve,
  changeOf,
  messageOf,
  brief,
} from '../../test/support/rollout-events';
import { decide } from './decide';
import type { RolloutContext } from './decision';
import type { RolloutDocument } from './document';
import type { RolloutEvent } from './event';

const manual = inStage('canary-10', documentWith({ percentage: 10, revision: 4, generation: 2 }));
const armed = armedDocument('canary-10', { percentage: 10 });
const paused: RolloutDocument = { ...armed, automation: PAUSED };
const atZero = documentWith({ percentage: 0 });
const latchedAtTen = inStage('canary-10', latchedDocument({ percentage: 10 }));
const latched = latchedDocument({ percentage: 0, revision: 9, generation: 3 });
const frozen: RolloutDocument = { ...manual, freeze: STAMP };
const half = inStage('canary-50', documentWith({ percentage: 50 }));
const released = inStage('holdback-released', documentWith({ percentage: 100, holdback: 0 }));
const full = inStage('full', documentWith({ percentage: 100, holdback: 5 }));
const validating = inStage('validation', documentWith({ percentage: 100, holdback: 5 }));

describe('the table of transitions', () => {
  test.each<[string, RolloutDocument, RolloutEvent, string]>([
    ['a raise within the step', manual, set(35), '35 % manual +0 stores canary-25'],
    ['a raise beyond the step', manual, set(35.001), 'rollout.confirmation_required'],
    ['a confirmed raise beyond the step', manual, set(100, true), '100 % manual +0 stores full'],
    ['a lowering, however far', documentWith({ percentage: 100 }), set(0), '0 % manual +0 acts dark-launch'],
    ['a lowering by a thousandth', manual, set(9.999), '9.999 % manual +0 acts dark-launch'],
    ['a raise inside a stage', manual, set(24.999), '24.999 % manual +0 stores canary-10'],
    ['the percentage that is there', manual, set(10), 'unchanged'],
    ['a raise by hand while armed', armed, set(11), '11 % paused +0 stores canary-10'],
    ['a lowering by hand while armed', armed, set(9), '9 % paused +0 acts dark-launch'],
    ['a raise by hand while paused', paused, set(11), '11 % paused +0 stores canary-10'],
    ['a raise while latched', latched, set(1, true), 'rollout.latched'],
    ['a lowering while latched', latchedAtTen, set(5), '5 % latched +0 acts dark-launch'],
    ['zero while latched', latched, set(0), 'unchanged'],
    ['a raise while frozen', frozen, set(11, true), 'rollout.frozen'],
    ['a lowering while frozen', frozen, set(5), '5 % manual +0 acts dark-launch'],

    ['a larger holdback', manual, keepBack(20), '10 % manual +0 acts canary-10'],
    ['a smaller holdback', validating, keepBack(1), '100 % manual +0 stores validation'],
    [
      'a smaller holdback while latched',
      latchedDocument({ holdback: 5 }),
      keepBack(1, true),
      'rollout.latched',
    ],
    [
      'a smaller holdback at 10 % while latched',
      inStage('canary-10', latchedDocument({ percentage: 10, holdback: 5 })),
      keepBack(1, true),
      'rollout.latched',
    ],
    ['a holdback by hand while armed', armed, keepBack(20), '10 % paused +0 acts canary-10'],
    [
      'a smaller holdback that moves half of the fleet',
      documentWith({ percentage: 100, holdback: 60 }),
      keepBack(10),
      'rollout.confirmation_required',
    ],
    [
      'a smaller holdback while frozen',
      { ...validating, freeze: STAMP },
      keepBack(1, true),
      'rollout.frozen',
    ],

    ['a mirror switched on', manual, mirror(true, 50), '10 % manual +0 stores canary-10'],
    ['a mirror switched on while latched', latched, mirror(true, 50), '0 % latched +0 stores dark-launch'],
    ['a mirror that is off switched off', manual, mirror(false, 0), 'unchanged'],

    ['a pin to new', manual, pin({ '37962469': 'new' }), '10 % manual +0 stores canary-10'],
    ['a pin to legacy', manual, pin({ '37962469': 'legacy' }), '10 % manual +0 acts canary-10'],
    ['a pin while armed', armed, pin({ '37962469': 'legacy' }), '10 % armed +0 acts canary-10'],
    ['a pin to new while latched', latched, pin({ '37962469': 'new' }, true), 'rollout.latched'],
    ['a pin to new while frozen', frozen, pin({ '37962469': 'new' }, true), 'rollout.frozen'],
    ['a pin to legacy while frozen', frozen, pin({ '37962469': 'legacy' }), '10 % manual +0 acts canary-10'],
    ['no pin', manual, pin({ '37962469': null }), 'unchanged'],

    ['a rollback', manual, rollback, '0 % latched +1 acts handover dark-launch'],
    ['a rollback while armed', armed, rollback, '0 % latched +1 acts handover dark-launch'],
    ['a rollback while paused', paused, rollback, '0 % latched +1 acts handover dark-launch'],
    ['a rollback while frozen', frozen, rollback, '0 % latched +1 acts handover dark-launch'],
    ['a rollback at 0 % that no latch holds', atZero, rollback, '0 % latched +1 acts handover dark-launch'],
    ['a rollback again', latched, rollback, 'unchanged'],
    ['a rollback at 10 % latched', latchedAtTen, rollback, '0 % latched +1 acts handover dark-launch'],
    ['one stage back', half, backTo('previous_stage'), '25 % latched +1 acts handover canary-25'],
    [
      'one stage back from 10 %',
      manual,
      backTo('previous_stage'),
      '0 % latched +1 acts handover dark-launch',
    ],
    ['one stage back from 0 %', atZero, backTo('previous_stage'), '0 % latched +1 acts handover dark-launch'],
    [
      'one stage back to a holdback that was released',
      released,
      backTo('previous_stage'),
      '100 % latched +1 acts handover validation',
    ],
    [
      'one stage back past stages of the same traffic',
      validating,
      backTo('previous_stage'),
      '90 % latched +1 acts handover canary-90',
    ],
    ['one stage back, asked twice', latchedAtTen, backTo('previous_stage'), 'unchanged'],
    [
      'one stage back on evidence of the new generation',
      inStage('canary-25', latchedDocument({ percentage: 25 })),
      backTo('previous_stage', 1),
      '10 % latched +1 acts handover canary-10',
    ],
    ['a rollback for the generation before', manual, backTo('zero', 1), 'dropped'],
    ['a rollback for a generation to come', manual, backTo('zero', 3), 'dropped'],
    ['a rollback for this generation', manual, backTo('zero', 2), '0 % latched +1 acts handover dark-launch'],

    ['a pause', armed, stop(), '10 % paused +0 acts canary-10'],
    ['a pause of what only people move', manual, stop(), '10 % paused +0 acts canary-10'],
    ['a pause again', paused, stop(), 'unchanged'],
    ['a pause while latched', latched, stop(), 'unchanged'],
    ['a pause for the generation before', manual, stop(1), 'dropped'],

    ['a resume', paused, plain('resume'), '10 % armed +0 stores canary-10'],
    ['a resume of what only people moved', manual, plain('resume'), '10 % armed +0 stores canary-10'],
    ['a resume again', armed, plain('resume'), 'unchanged'],
    ['a resume while latched', latched, plain('resume'), 'rollout.latched'],

    ['a freeze', armed, plain('freeze'), '10 % armed +0 acts canary-10'],
    ['a freeze again', frozen, plain('freeze'), 'unchanged'],
    ['an unfreeze', frozen, plain('unfreeze'), '10 % manual +0 stores canary-10'],
    ['an unfreeze of what is not frozen', manual, plain('unfreeze'), 'unchanged'],

    ['a release', latched, plain('release'), '0 % manual +1 stores dark-launch'],
    ['a release at 10 %', latchedAtTen, plain('release'), '10 % manual +1 stores canary-10'],
    ['a release of what is not latched', manual, plain('release'), 'rollout.not_latched'],

    ['a promotion while a gate is closed', manual, promote(), 'gate.closed'],
    ['a confirmed promotion', manual, promote(true), '25 % manual +0 stores canary-25'],
    ['a confirmed promotion while armed', armed, promote(true), '25 % armed +0 stores canary-25'],
    ['a confirmed promotion while latched', latched, promote(true), 'rollout.latched'],
    ['a confirmed promotion while frozen', frozen, promote(true), 'rollout.frozen'],
    [
      'a promotion that moves no device while frozen',
      { ...full, freeze: STAMP },
      promote(true),
      'rollout.frozen',
    ],
    [
      'a promotion that moves no device while latched',
      { ...full, automation: { kind: 'latched', ...STAMP } },
      promote(true),
      'rollout.latched',
    ],
    [
      'a promotion at the end',
      inStage('removal-ready', documentWith({ percentage: 100, holdback: 0 })),
      promote(true),
      'unchanged',
    ],
    ['an approval that nobody asked for', manual, approve(), 'approval.not_wanted'],
  ])('makes of %s what the rules say', (_name, document, event, expected) => {
    expect(brief(document, event)).toBe(expected);
  });
});

describe('what no caller may send', () => {
  test.each([NaN, Infinity, -1, 100.001, 0.0001])('is %d as a percentage', (percentage) => {
    for (const event of [set(percentage, true), keepBack(percentage, true), mirror(true, percentage)])
      expect(brief(manual, event)).toBe('percentage.invalid');
  });

  test.each(['guess', 'constructor', '__proto__'])('is an event of the kind %s', (kind) => {
    expect(brief(manual, { ...WISH, kind } as unknown as RolloutEvent)).toBe('input.invalid');
  });
});

describe('a change', () => {
  test('writes down who, why and when in the plan, in the latch and in the audit entry', () => {
    const { document, entry } = changeOf(decide(manual, rollback, contextWith({ writer: 'replica-2' })));
    const { at: setAt, by: setBy, reason } = WISH;
    expect(document.plan).toEqual({
      ...manual.plan,
      percentage: 0,
      revision: 5,
      generation: 3,
      setBy,
      reason,
      setAt,
    });
    expect(document.automation).toEqual({
      kind: 'latched',
      since: WISH.at,
      by: 'ana',
      reason: 'try a tenth',
    });
    expect(document.writer).toBe('replica-2');
    const traffic = { holdback: 0, mirror: 0, pins: 0 };
    expect(entry).toEqual({
      ...WISH,
      action: 'rollback',
      before: {
        ...traffic,
        percentage: 10,
        revision: 4,
        generation: 2,
        automation: 'manual',
        stage: 'canary-10',
      },
      after: {
        ...traffic,
        percentage: 0,
        revision: 5,
        generation: 3,
        automation: 'latched',
        stage: 'dark-launch',
      },
      evidence: { failures: 12 },
    });
  });

  test('keeps evidence whole up to its bound, and says what it has cut', () => {
    const evidence = { text: 'x'.repeat(20_000) };
    const { entry } = changeOf(
      decide(manual, { ...WISH, kind: 'rollback', to: 'zero', evidence }, contextWith()),
    );
    expect(entry.evidence).toMatchObject({ truncated: true, characters: 20_011, limit: 16_384 });
    expect(JSON.stringify(entry.evidence).length).toBeLessThan(17_000);
  });

  test('that was wished for another revision is refused and says who changed it and why, a rollback too', () => {
    const document = documentWith({ percentage: 10, revision: 4, setBy: 'ben', reason: 'noise' });
    const stale = decide(document, { ...set(20), expectedRevision: 3 }, contextWith());
    expect(messageOf(stale)).toBe('revision 3 is not current: ben made revision 4 (10 %) because "noise"');
    expect(decide(document, { ...set(20), expectedRevision: 4 }, contextWith()).kind).toBe('change');
    for (const event of [set(5), rollback, stop(), plain('release'), promote(), approve()])
      expect(decide(latched, { ...event, expectedRevision: 8 }, contextWith())).toMatchObject({
        error: { code: 'revision.mismatch', facts: { current: latched } },
      });
  });

  test('for another generation is written down with what was asked, and changes nothing', () => {
    const decision = decide(manual, backTo('zero', 1), contextWith());
    expect(decision).toMatchObject({
      kind: 'dropped',
      why: 'it is about generation 1, this is generation 2',
      entry: {
        action: 'dropped',
        by: 'ana',
        evidence: { asked: 'rollback', failures: 12, why: 'it is about generation 1, this is generation 2' },
      },
    });
    if (decision.kind === 'dropped') expect(decision.entry.after).toEqual(decision.entry.before);
  });

  test('that finds nothing to do says so', () => {
    expect(decide(latched, rollback, contextWith())).toEqual({
      kind: 'unchanged',
      why: 'already at 0 % in generation 3',
    });
  });
});

describe('a rollback', () => {
  test('ends the evidence of its generation and keeps what was measured before anything moved', () => {
    const rates = { firstFailures: 1, breakages: 2 };
    const days = [{ day: '2026-01-01', objective: 'command-success', result: 'met' as const }];
    const approvals = [{ by: 'ana', role: 'admin', at: WISH.at, reason: 'fine' }];
    const held = inStage('canary-50', half, { days, approvals, told: ['x'], guardRates: rates });
    expect(changeOf(decide(held, rollback, contextWith())).document.position).toEqual({
      stage: 'dark-launch',
      enteredAt: WISH.at,
      clockReset: null,
      approvals: [],
      days: [],
      told: [],
      guardRates: rates,
      lastDrill: null,
    });
  });

  test('brings back a holdback that the ladder has released', () => {
    const { plan } = changeOf(decide(released, rollback, contextWith())).document;
    expect(plan).toMatchObject({ percentage: 0, holdback: 5 });
  });
});

describe('a release', () => {
  test('draws the cohorts anew only when asked to, and only at 0 %', () => {
    const anew: RolloutEvent = { ...WISH, kind: 'release', newSalt: 'other' };
    expect(changeOf(decide(latched, plain('release'), contextWith())).document.plan.salt).toBe('ramp26');
    expect(changeOf(decide(latched, anew, contextWith())).document.plan.salt).toBe('other');
    expect(brief(latchedAtTen, anew)).toBe('rollout.not_at_zero');
  });

  test('waits for a freeze to end when it would bring back pins to new', () => {
    const pinned = latchedDocument({ pins: { '37962469': 'new' } });
    expect(brief(pinned, plain('release'))).toBe('0 % manual +1 stores dark-launch');
    expect(brief({ ...pinned, freeze: STAMP }, plain('release'))).toBe('rollout.frozen');
    expect(brief({ ...latched, freeze: STAMP }, plain('release'))).toBe('0 % manual +1 stores dark-launch');
  });
});

describe('arming', () => {
  test('puts the mirror of the stage in place, and no percentage', () => {
    const { plan } = changeOf(decide(atZero, plain('resume'), contextWith())).document;
    expect(plan).toMatchObject({ percentage: 0, mirror: { on: true, percentage: 100 } });
  });

  test('after a pause leaves the mirror as somebody has set it', () => {
    const { plan } = changeOf(
      decide({ ...atZero, automation: PAUSED }, plain('resume'), contextWith()),
    ).document;
    expect(plan.mirror.on).toBe(false);
  });
});

describe('approvals', () => {
  const [first, ...rest] = contextWith().ladder.stages;
  const gates = [{ kind: 'approval', name: 'two people', role: 'admin', count: 2 }] as const;
  const context: RolloutContext = contextWith({
    ladder: { freezes: [], stages: [{ ...first, gates }, ...rest] },
  });

  test('count each person once, and are used up by the next stage', () => {
    const once = changeOf(decide(atZero, approve(), context)).document;
    expect(brief(once, approve(), context)).toBe('unchanged');
    const twice = changeOf(decide(once, approve('admin', 'ben'), context)).document;
    expect(twice.position.approvals.map(({ by }) => by)).toEqual(['ana', 'ben']);
    const at = '2026-02-01T00:00:00.000Z';
    const late = { ...promote(), at, judgement: judgementWith({ at }) } as RolloutEvent;
    expect(brief(once, late, context)).toBe('gate.closed');
    const next = changeOf(decide(twice, late, context)).document;
    expect(next.position).toMatchObject({ stage: 'canary-10', approvals: [] });
  });

  test('by another role are refused with the one that is wanted', () => {
    expect(messageOf(decide(atZero, approve('operator'), context))).toBe(
      'dark-launch wants approval by admin, not by operator',
    );
  });
});

describe('a promotion', () => {
  test('lists what each gate lacks, with the command that goes on in spite of it', () => {
    const judgement = judgementWith({
      at: WISH.at,
      generation: 2,
      objectives: [verdictWith({ verdict: 'insufficient', all: 1_204, bad: 0, eventsPerSecond: 1 })],
    });
    const event: RolloutEvent = { ...WISH, kind: 'promote', judgement, confirmed: false };
    expect(messageOf(decide(manual, event, contextWith()))).toBe(
      'canary-10 cannot be left yet. hold: 3 d of canary-10 needed, over at 2026-01-04 00:00 UTC; command success: 2,995 events of command-success needed, 1,204 seen, ready about 03:33 UTC; clean commands: 2,995 good events of command-success needed, 1,204 seen, ready about 03:33 UTC. To go on in spite of it, confirm it ("confirm": true, command line: pointsman promote --yes --reason "…")',
    );
  });

  test('takes what the guard rests on along when the first device moves, of this generation only', () => {
    const rates = (generation: number) => {
      const event: RolloutEvent = {
        ...WISH,
        kind: 'promote',
        judgement: judgementWith({ generation }),
        confirmed: true,
      };
      return changeOf(decide(atZero, event, contextWith())).document.position.guardRates;
    };
    expect(rates(1)).toEqual({ firstFailures: 0.01, breakages: 0.001 });
    expect(rates(2)).toBeNull();
  });

  test('leaves a holdback and a mirror that somebody has set by hand, until the ladder changes them', () => {
    const byHand = inStage(
      'canary-10',
      documentWith({ percentage: 10, holdback: 2, mirror: { on: true, percentage: 7 } }),
    );
    const { plan } = changeOf(decide(byHand, promote(true), contextWith())).document;
    expect(plan).toMatchObject({ percentage: 25, holdback: 2, mirror: { on: true, percentage: 7 } });
    const last = changeOf(decide(validating, promote(true), contextWith())).document.plan;
    expect(last).toMatchObject({ percentage: 100, holdback: 0 });
  });
});
