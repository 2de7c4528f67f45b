import { judgementWith, verdictWith } from '../../test/support/judgements';
import {
  armedDocument,
  contextWith,
  documentWith,
  inStage,
  latchedDocument,
  STAMP,
} from '../../test/support/plans';
import type { DayResult, Demand, Judgement } from '../slo/verdict';
import { decide } from './decide';
import type { Change, RolloutContext } from './decision';
import type { RolloutDocument } from './document';
import type { Gate, GateAction } from './ladder';
import { DAYS_KEPT, OBJECTIVES_KEPT } from './position';
import { reportStage } from './stage-report';

const DAY_MS = 86_400_000;
const at = (days: number): string => new Date(Date.UTC(2026, 0, 1) + days * DAY_MS).toISOString();

function tick(document: RolloutDocument, judgement: Judgement, context = contextWith()) {
  return decide(
    document,
    { kind: 'tick', by: 'pointsman', reason: 'tick', at: judgement.at, judgement },
    context,
  );
}

function changeBy(document: RolloutDocument, judgement: Judgement, context = contextWith()): Change {
  const decision = tick(document, judgement, context);
  if (decision.kind !== 'change') throw new Error(`expected a change, got ${decision.kind}`);
  return decision;
}

const rollback: Demand = { kind: 'rollback', rule: 'burn', why: 'it burns', evidence: { bad: 12 } };
const pause = (critical = false): Demand => ({
  kind: 'pause',
  rule: 'common-cause',
  why: 'legacy fails too',
  critical,
  evidence: {},
});
const day = (number: number, result: DayResult['result'], objective = 'command-success'): DayResult => ({
  day: at(number).slice(0, 10),
  objective,
  result,
});

const armed = armedDocument('canary-10', { percentage: 10 });
const ripe = judgementWith({ at: at(3) });

/** The default ladder whose 10 % stage has this gate alone, and no hold. */
function withGate(gate: Gate): RolloutContext {
  const { stages } = contextWith().ladder;
  const [first, second, ...rest] = stages;
  return contextWith({
    ladder: {
      freezes: [],
      stages: [first, ...(second ? [{ ...second, holdMs: 0, gates: [gate] }] : []), ...rest],
    },
  });
}

describe('a demand', () => {
  const kinds: [string, Partial<RolloutDocument>][] = [
    ['manual', { automation: { kind: 'manual' } }],
    ['armed', {}],
    ['paused', { automation: { kind: 'paused', ...STAMP } }],
    ['frozen', { freeze: STAMP }],
    ['latched', { automation: { kind: 'latched', ...STAMP } }],
  ];
  test.each(kinds)('rolls back whatever stands in its way: %s', (_name, over) => {
    const { document, entry, order } = changeBy({ ...armed, ...over }, { ...ripe, demands: [rollback] });
    expect(document).toMatchObject({
      plan: { percentage: 0, generation: 2 },
      automation: { kind: 'latched', reason: 'it burns' },
    });
    expect(order).toBe('act_first');
    expect(entry).toMatchObject({ action: 'rollback', evidence: { rule: 'burn', bad: 12, judgedAt: at(3) } });
  });

  test('pauses what is armed and what only people move, and changes nothing twice', () => {
    const judgement = { ...ripe, demands: [pause()] };
    for (const document of [armed, { ...armed, automation: { kind: 'manual' } as const }]) {
      const next = changeBy(document, judgement).document;
      expect(next.automation).toMatchObject({ kind: 'paused', by: 'pointsman', reason: 'legacy fails too' });
      expect(next.plan).toMatchObject({ percentage: 10, generation: 1 });
      expect(tick(next, judgement).kind).toBe('unchanged');
    }
  });

  test('for a rollback comes before one for a pause, and both before a promotion', () => {
    const both = changeBy(armed, { ...ripe, demands: [rollback, pause()] }).entry.action;
    const one = changeBy(armed, { ...ripe, demands: [pause()] }).entry.action;
    expect([both, one, changeBy(armed, ripe).entry.action]).toEqual(['rollback', 'pause', 'promote']);
  });

  test('that is fulfilled leaves room for the next', () => {
    const zero = inStage('dark-launch', latchedDocument({ percentage: 0 }));
    const judgement = { ...ripe, demands: [rollback], days: [day(1, 'met')] };
    expect(changeBy(zero, judgement).entry.action).toBe('days_judged');
  });

  test('of another generation is not acted on', () => {
    for (const generation of [0, 2])
      expect(tick(armed, { ...ripe, generation, demands: [rollback] })).toEqual({
        kind: 'unchanged',
        why: `generation ${generation} was judged, this is generation 1`,
      });
  });
});

describe('a failing gate', () => {
  const gate = (onFail: GateAction): Gate => ({
    kind: 'objective',
    name: 'success',
    objective: 'command-success',
    atLeast: 99.5,
    onFail,
  });
  const bad = { ...ripe, objectives: [verdictWith({ verdict: 'fail', bad: 1_000 })] };
  const few = { ...ripe, objectives: [verdictWith({ verdict: 'insufficient', bad: 100, all: 100 })] };

  test.each<[GateAction, string]>([
    ['rollback', 'rollback 0 % latched'],
    ['step_back', 'rollback 0 % latched'],
    ['notify', 'gate_failed 10 % armed'],
    ['hold', 'unchanged'],
  ])('with the action %s does that', (action, expected) => {
    const decision = tick(armed, bad, withGate(gate(action)));
    const said =
      decision.kind === 'change'
        ? `${decision.entry.action} ${decision.document.plan.percentage} % ${decision.document.automation.kind}`
        : decision.kind;
    expect(said).toBe(expected);
  });

  test('rolls back in manual mode as well', () => {
    const manual = { ...armed, automation: { kind: 'manual' } as const };
    expect(changeBy(manual, bad, withGate(gate('rollback'))).entry.reason).toBe(
      'canary-10, success: 99.5 % of command-success must be good, 99 % is: 1,000 bad of 100,000',
    );
  });

  test('does nothing on too little evidence, however bad it looks', () => {
    for (const action of ['rollback', 'step_back', 'notify', 'hold'] as const)
      expect(tick(armed, few, withGate(gate(action))).kind).toBe('unchanged');
  });

  test('does not act while the judgement demands a pause: legacy may fail as well', () => {
    const judgement = { ...bad, demands: [pause()] };
    const paused = changeBy(armed, judgement, withGate(gate('rollback')));
    expect(paused.entry.action).toBe('pause');
    expect(tick(paused.document, judgement, withGate(gate('rollback'))).kind).toBe('unchanged');
  });

  test('tells once in each stage, however often it comes and goes', () => {
    const context = withGate(gate('notify'));
    const told = changeBy(armed, bad, context).document;
    expect(told.position.told).toEqual(['success']);
    expect(tick(told, bad, context).kind).toBe('unchanged');
    const next = changeBy(told, { ...ripe, at: at(4) }, context).document;
    expect(next.position).toMatchObject({ stage: 'canary-25', told: [] });
  });
});

describe('an approval', () => {
  const context = withGate({ kind: 'approval', name: 'two eyes', role: 'operator', count: 1 });

  test('is asked for once in each stage, when nothing else is lacking and the machine would go on', () => {
    const { document, entry } = changeBy(armed, ripe, context);
    expect([entry.action, entry.reason]).toEqual([
      'approval_awaited',
      'canary-10, two eyes: 1 approval by the role operator needed, 0 given: pointsman approve --reason "…"',
    ]);
    expect(document).toMatchObject({ plan: { percentage: 10 }, automation: { kind: 'armed' } });
    expect(tick(document, ripe, context).kind).toBe('unchanged');
  });

  test.each<[string, RolloutDocument, Judgement]>([
    ['something else is lacking', armed, { ...ripe, holds: [{ rule: 'guard', why: 'it sees nothing' }] }],
    ['it is frozen', { ...armed, freeze: STAMP }, ripe],
    ['people have the hand', { ...armed, automation: { kind: 'paused', ...STAMP } }, ripe],
  ])('is not asked for while %s', (_while, document, judgement) => {
    expect(tick(document, judgement, context).kind).toBe('unchanged');
  });
});

describe('a promotion by a tick', () => {
  test('goes one stage up when every gate is open', () => {
    const { document, entry, order } = changeBy(armed, ripe);
    expect(document).toMatchObject({
      plan: { percentage: 25, generation: 1, revision: 2 },
      automation: { kind: 'armed' },
      position: { stage: 'canary-25', enteredAt: at(3) },
    });
    expect([entry.action, entry.reason, order]).toEqual([
      'promote',
      'every gate of canary-10 is open',
      'persist_first',
    ]);
    expect(entry.evidence).toMatchObject({
      from: 'canary-10',
      to: 'canary-25',
      judgedAt: at(3),
      gates: [{ name: 'hold', state: 'open' }, { name: 'command success' }, { name: 'clean commands' }],
    });
  });

  test.each<[string, RolloutDocument, Judgement]>([
    ['too early', armed, judgementWith({ at: at(2.99) })],
    ['manual', { ...armed, automation: { kind: 'manual' } }, ripe],
    ['paused', { ...armed, automation: { kind: 'paused', ...STAMP } }, ripe],
    ['latched', { ...armed, automation: { kind: 'latched', ...STAMP } }, ripe],
    ['frozen', { ...armed, freeze: STAMP }, ripe],
    ['without evidence', armed, { ...ripe, objectives: [verdictWith({ verdict: 'unknown' })] }],
    ['without objectives', armed, { ...ripe, objectives: [] }],
    ['held back', armed, { ...ripe, holds: [{ rule: 'guard', why: 'it sees nothing' }] }],
    ['at the end', armedDocument('removal-ready', { percentage: 100, holdback: 0 }), ripe],
  ])('does not happen %s', (_name, document, judgement) => {
    expect(tick(document, judgement).kind).toBe('unchanged');
  });

  test('that is held back says why among the gates, and a person may go on in spite of it', () => {
    const held = { ...ripe, holds: [{ rule: 'guard', why: 'it sees nothing' }] };
    const { ladder } = contextWith();
    const lacking = reportStage(armed, ladder, held, Date.parse(held.at)).gates.filter(
      ({ state }) => state !== 'open',
    );
    expect(lacking).toMatchObject([{ name: 'guard', state: 'closed', lacks: 'it sees nothing' }]);
    const wish = { kind: 'promote', by: 'ana', reason: 'I know', at: held.at, judgement: held } as const;
    expect(decide(armed, { ...wish, confirmed: false }, contextWith()).kind).toBe('refused');
    expect(decide(armed, { ...wish, confirmed: true }, contextWith()).kind).toBe('change');
  });

  test('is one step for two leaders that judge alike, also where nothing else holds the stage', () => {
    const context = withGate({ kind: 'evidence', name: 'few', objective: 'command-success', clean: 1 });
    const stages = context.ladder.stages.map((stage) => ({ ...stage, holdMs: 0, gates: [] }));
    const [first, ...rest] = stages;
    if (!first) throw new Error('no stage');
    const open = contextWith({ ladder: { freezes: [], stages: [first, ...rest] } });
    const once = changeBy(armed, ripe, open).document;
    expect(tick(once, ripe, open).kind).toBe('unchanged');
    expect(changeBy(once, { ...ripe, at: at(3.001) }, open).document.position.stage).toBe('canary-50');
  });

  test('does not take a step that a person has to confirm', () => {
    const policy = { maxStep: 10, maxPins: 10 };
    expect(tick(armed, ripe, contextWith({ policy })).kind).toBe('unchanged');
  });
});

describe('results of days', () => {
  const half = armedDocument('canary-50', { percentage: 50 });
  const validating = armedDocument('validation', { percentage: 100, holdback: 5 });

  test('are written down once, in every mode, without moving anything', () => {
    const judgement = judgementWith({ at: at(2), days: [day(1, 'met'), day(0, 'met')] });
    for (const automation of [half.automation, { kind: 'latched', ...STAMP } as const]) {
      const { document, entry, order } = changeBy({ ...half, automation }, judgement);
      expect(document.position.days).toEqual([day(0, 'met'), day(1, 'met')]);
      expect([entry.action, entry.reason, order]).toEqual([
        'days_judged',
        '2 days of objectives judged, none failed',
        'persist_first',
      ]);
      expect(tick(document, judgement).kind).toBe('unchanged');
    }
  });

  test('are kept in bounds, and what was let go is not taken for news', () => {
    const many = Array.from({ length: 80 }, (_, number) => day(number, 'met'));
    const judgement = judgementWith({ at: at(90), days: many, objectives: [] });
    const { document } = changeBy(half, judgement);
    expect(document.position.days).toEqual(many.slice(-DAYS_KEPT));
    expect(tick(document, judgement).kind).toBe('unchanged');
    const wide = Array.from({ length: 80 }, (_, number) => day(1, 'met', `objective-${number}`));
    expect(changeBy(half, { ...judgement, days: wide }).document.position.days).toHaveLength(OBJECTIVES_KEPT);
  });

  test('that failed begin the clock of the validation again, at the end of that day', () => {
    const judgement = judgementWith({
      at: at(9.1),
      days: [day(5, 'failed'), day(7, 'failed'), day(8, 'met')],
    });
    const { document, entry } = changeBy(validating, judgement);
    expect(document.position.clockReset).toEqual({
      at: at(8),
      why: 'command-success was failed on 2026-01-08',
    });
    expect([entry.action, entry.reason]).toEqual(['clock_reset', 'command-success was failed on 2026-01-08']);
    const still = judgementWith({ at: at(37.9) });
    expect(tick(document, still).kind).toBe('unchanged');
    expect(changeBy(document, judgementWith({ at: at(38) })).document.position.stage).toBe(
      'holdback-released',
    );
  });

  test('that failed before the stage was entered leave its clock alone', () => {
    const entered = inStage('validation', validating, { enteredAt: at(5) });
    const judgement = judgementWith({ at: at(5.1), days: [day(4, 'failed')] });
    expect(changeBy(entered, judgement).entry.action).toBe('days_judged');
  });

  test('of an objective that is only observed leave the clock alone', () => {
    const objectives = [verdictWith({ observeOnly: true })];
    const judgement = judgementWith({ at: at(9.1), objectives, days: [day(5, 'failed')] });
    expect(changeBy(validating, judgement).entry.action).toBe('days_judged');
  });

  test('keep up to date what the guard rests on while nothing has moved', () => {
    const judgement = judgementWith({ at: at(2), days: [day(1, 'met')] });
    const dark = armedDocument('dark-launch', { percentage: 0 });
    expect(changeBy(dark, judgement).document.position.guardRates).toEqual(judgement.guardRates);
    expect(changeBy(half, judgement).document.position.guardRates).toBeNull();
  });
});

describe('a critical pause', () => {
  const validating = inStage('validation', documentWith({ percentage: 100, holdback: 5 }));

  test('begins the clock of the validation again, and of no other stage', () => {
    const { position } = changeBy(validating, judgementWith({ at: at(9), demands: [pause(true)] })).document;
    expect(position.clockReset).toEqual({ at: at(9), why: 'legacy fails too' });
    const other = changeBy(armed, judgementWith({ at: at(9), demands: [pause(true)] })).document;
    expect(other.position.clockReset).toBeNull();
  });

  test('does so once a day while it lasts', () => {
    let document: RolloutDocument = validating;
    const actions: string[] = [];
    for (let hour = 0; hour < 72; hour += 1) {
      const decision = tick(document, judgementWith({ at: at(9 + hour / 24), demands: [pause(true)] }));
      if (decision.kind !== 'change') continue;
      actions.push(decision.entry.action);
      document = decision.document;
    }
    expect(actions).toEqual(['pause', 'clock_reset', 'clock_reset']);
  });
});
