import { judgementWith, verdictWith } from '../../test/support/judgements';
import { documentWith, inStage, STAMP } from '../../test/support/plans';
import type { DayResult, Judgement } from '../slo/verdict';
import type { Position, RolloutDocument } from './document';
import type { GateReport } from './gate-report';
import { checkGates } from './gates';
import { ALL_OBJECTIVES, WEEKDAYS, type CalendarFreeze, type Gate, type Stage } from './ladder';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 1);
const iso = (days: number): string => new Date(START_MS + days * DAY_MS).toISOString();

interface Case {
  readonly days?: number;
  readonly judgement?: Judgement | undefined;
  readonly position?: Partial<Position>;
  readonly document?: Partial<RolloutDocument>;
  readonly freezes?: readonly CalendarFreeze[];
  readonly holdMs?: number;
}

function reports(gates: readonly Gate[], about: Case = {}): readonly GateReport[] {
  const { days = 0, position = {}, document = {}, freezes = [], holdMs = 0 } = about;
  const judgement = 'judgement' in about ? about.judgement : judgementWith();
  const stage: Stage = {
    name: 'canary-10',
    percentage: 10,
    mirror: 0,
    holdback: 5,
    holdMs,
    resets: { failedDay: false, criticalPause: false },
    gates,
  };
  return checkGates(stage, {
    document: { ...inStage('canary-10', documentWith({ percentage: 10 }), position), ...document },
    freezes,
    judgement,
    nowMs: START_MS + days * DAY_MS,
  });
}

/** The one gate, in short. */
function report(gate: Gate, about: Case = {}): string {
  const found = reports([gate], about).find(({ name }) => name === gate.name);
  if (!found) throw new Error('no report');
  const { state, lacks, readyAt } = found;
  return state === 'open'
    ? 'open'
    : `${state}: ${lacks}${readyAt === null ? '' : ` | ${readyAt.slice(0, 16)}`}`;
}

const judged = (over: Parameters<typeof verdictWith>[0]): Case => ({
  judgement: judgementWith({ objectives: [verdictWith(over)] }),
});

describe('the hold', () => {
  test('lasts from the entry, and says how long it still takes', () => {
    const [hold] = reports([], { days: 1, holdMs: 3 * DAY_MS });
    expect(hold).toEqual({
      name: 'hold',
      state: 'closed',
      lacks: '3 d of canary-10 needed, over at 2026-01-04 00:00 UTC',
      readyAt: iso(3),
      onFail: 'hold',
    });
    expect(reports([], { days: 3, holdMs: 3 * DAY_MS })[0]).toMatchObject({
      state: 'open',
      lacks: null,
      readyAt: null,
    });
  });

  test('lasts from what began its clock again, and says what that was', () => {
    const position = { clockReset: { at: iso(2), why: 'command-success was failed on 2026-01-02' } };
    const [hold] = reports([], { days: 3, holdMs: 3 * DAY_MS, position });
    expect(hold).toMatchObject({
      lacks:
        '3 d of canary-10 needed, over at 2026-01-06 00:00 UTC (its clock began again: command-success was failed on 2026-01-02)',
      readyAt: iso(5),
    });
  });

  test('is not over when a clock was set back to before the entry', () => {
    expect(reports([], { days: -1, holdMs: DAY_MS })[0]).toMatchObject({
      lacks: '1 d of canary-10 needed, over at 2026-01-02 00:00 UTC',
    });
  });
});

describe('freezes', () => {
  test('show while they last', () => {
    expect(reports([]).map(({ name }) => name)).toEqual(['hold']);
    const freezes = [
      { fromMs: START_MS, toMs: START_MS + DAY_MS, reason: 'holidays' },
      { fromMs: START_MS, toMs: START_MS + 2 * DAY_MS, reason: 'audit' },
    ];
    expect(reports([], { document: { freeze: STAMP }, freezes, days: 0.5 }).slice(1)).toMatchObject([
      {
        name: 'freeze',
        lacks:
          'frozen since 2026-01-01T00:00:00.000Z by guard ("replies are missing"), until somebody unfreezes it',
        readyAt: null,
      },
      {
        name: 'calendar',
        lacks: 'the calendar freezes raises until 2026-01-03 00:00 UTC ("audit")',
        readyAt: iso(2),
      },
    ]);
    expect(reports([], { freezes, days: 2 })).toHaveLength(1);
  });
});

describe('an objective', () => {
  const gate: Gate = {
    kind: 'objective',
    name: 'success',
    objective: 'command-success',
    atLeast: undefined,
    onFail: 'hold',
  };
  const own = { ...gate, atLeast: 99.5 };

  test.each<[string, Gate, Case, string]>([
    ['passes', gate, judged({}), 'open'],
    ['fails', gate, judged({ verdict: 'fail', why: '2 % bad' }), 'failing: command-success fails: 2 % bad'],
    [
      'has too little evidence',
      gate,
      judged({ verdict: 'insufficient', all: 1_204, eventsPerSecond: 0.1 }),
      'closed: 2,995 events of command-success needed, 1,204 seen, ready about 04:58 UTC | 2026-01-01T04:58',
    ],
    [
      'has too little evidence and no rate',
      gate,
      judged({ verdict: 'insufficient', all: 1_204, eventsPerSecond: 0 }),
      'closed: 2,995 events of command-success needed, 1,204 seen',
    ],
    [
      'could not be measured',
      gate,
      judged({ verdict: 'unknown', why: 'no answer' }),
      'closed: command-success could not be measured: no answer',
    ],
    ['is not judged', gate, judged({ objective: 'latency' }), 'closed: command-success is not judged'],
    [
      'without any judgement',
      gate,
      { judgement: undefined },
      'closed: nothing was judged lately in this generation',
    ],
    ['is good enough for the gate', own, judged({ verdict: 'fail', bad: 500 }), 'open'],
    [
      'is not good enough for the gate',
      own,
      judged({ verdict: 'pass', bad: 501 }),
      'failing: 99.5 % of command-success must be good, 99.499 % is: 501 bad of 100,000',
    ],
    [
      'is bad on too little evidence',
      own,
      judged({ verdict: 'fail', bad: 100, all: 100, eventsPerSecond: undefined }),
      'closed: 2,995 events of command-success needed, 100 seen',
    ],
    [
      'has no event at all',
      own,
      judged({ bad: 0, all: 0, evidenceNeeded: 0 }),
      'closed: command-success has too little evidence: 0 of 100,000 bad',
    ],
    [
      'is no number',
      own,
      judged({ bad: NaN, all: NaN, evidenceNeeded: NaN }),
      'closed: command-success has too little evidence: 0 of 100,000 bad',
    ],
  ])('%s', (_name, the, about, expected) => {
    expect(report(the, about)).toBe(expected);
  });

  test('of several, what fails comes before what is missing, and the latest forecast counts', () => {
    const all = { ...gate, objective: ALL_OBJECTIVES };
    const few = (objective: string, eventsPerSecond: number | undefined) =>
      verdictWith({ objective, verdict: 'insufficient', all: 0, evidenceNeeded: 3_600, eventsPerSecond });
    const of = (...objectives: ReturnType<typeof verdictWith>[]) =>
      report(all, { judgement: judgementWith({ objectives }) });
    expect(of(verdictWith(), verdictWith({ objective: 'loss' }))).toBe('open');
    expect(of(few('a', 1), few('b', 0.5))).toMatch(/ \| 2026-01-01T02:00$/);
    expect(of(few('a', 1), few('b', undefined))).toMatch(/0 seen$/);
    expect(of(few('a', 1), verdictWith({ objective: 'b', verdict: 'fail', why: 'bad' }))).toBe(
      'failing: b fails: bad',
    );
    expect(of()).toBe('closed: no objective is judged');
    const observed = verdictWith({ objective: 'b', verdict: 'fail', observeOnly: true });
    expect(of(verdictWith(), observed)).toBe('open');
    expect(of(observed)).toBe('closed: no objective is judged');
  });
});

describe('a budget', () => {
  const gate: Gate = {
    kind: 'budget',
    name: 'budget',
    objective: 'command-success',
    above: 50,
    onFail: 'hold',
  };
  test.each<[string, Case, string]>([
    ['enough is left', judged({ budgetLeft: 0.501 }), 'open'],
    [
      'too little is left',
      judged({ budgetLeft: 0.5 }),
      'failing: more than 50 % of the budget of command-success must be left, 50 % is',
    ],
    [
      'it is overspent',
      judged({ budgetLeft: -1.25 }),
      'failing: more than 50 % of the budget of command-success must be left, -125 % is',
    ],
    [
      'it is not known',
      judged({ budgetLeft: undefined }),
      'closed: the budget of command-success could not be measured',
    ],
    [
      'untouched for want of evidence is none',
      judged({ budgetLeft: 1, verdict: 'insufficient', all: 3, eventsPerSecond: undefined }),
      'closed: 2,995 events of command-success needed, 3 seen',
    ],
    [
      'untouched for want of a measurement is none',
      judged({ budgetLeft: 1, verdict: 'unknown', why: 'no answer' }),
      'closed: command-success could not be measured: no answer',
    ],
  ])('%s', (_name, about, expected) => {
    expect(report(gate, about)).toBe(expected);
  });
});

describe('minimum evidence', () => {
  const gate: Gate = { kind: 'evidence', name: 'clean', objective: 'command-success', clean: 2_995 };
  test.each<[string, Case, string]>([
    ['is there', judged({ all: 3_000, bad: 5 }), 'open'],
    [
      'counts good events only, and says when it will be there',
      judged({ all: 1_214, bad: 10, eventsPerSecond: 0.5 }),
      'closed: 2,995 good events of command-success needed, 1,204 seen, ready about 00:59 UTC | 2026-01-01T00:59',
    ],
    [
      'far away names the day',
      judged({ all: 0, bad: 0, eventsPerSecond: 0.01 }),
      'closed: 2,995 good events of command-success needed, 0 seen, ready about 2026-01-04 11:11 UTC | 2026-01-04T11:11',
    ],
    [
      'is not known',
      judged({ all: undefined, bad: undefined }),
      'closed: command-success could not be measured',
    ],
  ])('%s', (_name, about, expected) => {
    expect(report(gate, about)).toBe(expected);
  });
});

describe('days in a row', () => {
  const gate: Gate = { kind: 'days', name: 'days', objective: ALL_OBJECTIVES, days: 3, onFail: 'hold' };
  const day = (number: number, result: DayResult['result'], objective = 'command-success'): DayResult => ({
    day: iso(number).slice(0, 10),
    objective,
    result,
  });
  const at = (days: number, results: readonly DayResult[], over: Partial<Position> = {}): Case => ({
    days,
    position: { days: results, ...over },
  });

  test.each<[string, Case, string]>([
    ['are there', at(3.5, [day(0, 'met'), day(1, 'met'), day(2, 'met')]), 'open'],
    [
      'are not there yet',
      at(1.5, [day(0, 'met')]),
      'closed: 3 days in a row needed, 1 met, possible at 2026-01-04 00:00 UTC | 2026-01-04T00:00',
    ],
    [
      'are counted from the last failed one, which shows as failing until another day is judged',
      at(3.5, [day(0, 'met'), day(1, 'met'), day(2, 'failed')]),
      'failing: 3 days in a row needed, 0 met: 2026-01-03 was failed',
    ],
    [
      'go on after a failed one',
      at(4.5, [day(0, 'met'), day(1, 'met'), day(2, 'failed'), day(3, 'met')]),
      'closed: 3 days in a row needed, 1 met, possible at 2026-01-07 00:00 UTC | 2026-01-07T00:00',
    ],
    [
      'are not broken by a day with too little evidence, nor helped',
      at(3.5, [day(0, 'met'), day(1, 'insufficient'), day(2, 'met')]),
      'closed: 3 days in a row needed, 2 met, possible at 2026-01-05 00:00 UTC | 2026-01-05T00:00',
    ],
    [
      'do not count a day on which the stage before still ran',
      at(3.5, [day(0, 'met'), day(1, 'met'), day(2, 'met')], { enteredAt: iso(0.1) }),
      'closed: 3 days in a row needed, 2 met, possible at 2026-01-05 00:00 UTC | 2026-01-05T00:00',
    ],
    [
      'begin with the first whole day of the stage',
      at(0.2, [], { enteredAt: iso(0.1) }),
      'closed: 3 days in a row needed, 0 met, possible at 2026-01-05 00:00 UTC | 2026-01-05T00:00',
    ],
  ])('%s', (_name, about, expected) => {
    expect(report(gate, about)).toBe(expected);
  });

  test('want every objective that is judged to be met', () => {
    const objectives = [verdictWith(), verdictWith({ objective: 'loss' })];
    const both = [0, 1, 2].flatMap((number) => [day(number, 'met'), day(number, 'met', 'loss')]);
    const about = (days: readonly DayResult[]): Case => ({
      ...at(3.5, days),
      judgement: judgementWith({ objectives }),
    });
    expect(report(gate, about(both))).toBe('open');
    expect(report(gate, about(both.slice(0, -1)))).toMatch(/^closed: 3 days in a row needed, 2 met/);
    expect(report({ ...gate, objective: 'command-success' }, about(both.slice(0, -1)))).toBe('open');
  });
});

describe('the mirror', () => {
  const gate: Gate = { kind: 'mirror', name: 'mirror', agree: 99.5, compared: 1_000, onFail: 'hold' };
  const seen = (compared: number, disagreed: number, missing: string[] = []): Case => ({
    judgement: judgementWith({ mirror: { compared, disagreed, missing } }),
  });
  test.each<[string, Case, string]>([
    ['agrees', seen(1_000, 5), 'open'],
    [
      'disagrees',
      seen(1_000, 6),
      "failing: 99.5 % of the mirror's comparisons must agree, 99.4 % do: 6 of 1,000 disagree",
    ],
    [
      'has compared too little',
      seen(999, 0),
      'closed: 1,000 comparisons of the mirror needed, 999 made; the mirror is off',
    ],
    [
      'is on and has compared nothing',
      {
        judgement: judgementWith({ mirror: undefined }),
        document: documentWith({ mirror: { on: true, percentage: 100 } }),
      },
      'closed: 1,000 comparisons of the mirror needed, 0 made',
    ],
    [
      'agrees where it is known, and a replica has told nothing',
      seen(1_000, 5, ['web-3']),
      'closed: the mirror is known in part only; nothing was heard of web-3',
    ],
    [
      'disagrees already without the replicas that have told nothing',
      seen(1_000, 6, ['web-3']),
      "failing: 99.5 % of the mirror's comparisons must agree, 99.4 % do: 6 of 1,000 disagree",
    ],
    ['that is no number was not measured', seen(NaN, NaN), 'closed: the mirror could not be measured'],
  ])('%s', (_name, about, expected) => {
    expect(report(gate, about)).toBe(expected);
  });
});

describe('coverage', () => {
  const gate: Gate = { kind: 'coverage', name: 'coverage', spoken: 60 };
  test.each<[string, Judgement['coverage'], string]>([
    ['is there', { devices: 100, spoken: 60 }, 'open'],
    [
      'is not there',
      { devices: 1_200, spoken: 600 },
      'closed: 60 % of the cohort must have spoken since it moved, 50 % has: 600 of 1,200 devices',
    ],
    [
      'is there for the replicas that have told of it',
      { devices: 100, spoken: 100, missing: ['web-3'] },
      'closed: 60 % of the cohort must have spoken since it moved, 100 % has: 100 of 100 devices; nothing was heard of web-3',
    ],
    ['of nobody', { devices: 0, spoken: 0 }, 'closed: the cohort has no device yet'],
    ['is not known', undefined, 'closed: nobody knows how many devices of the cohort have spoken'],
  ])('%s', (_name, coverage, expected) => {
    expect(report(gate, { judgement: judgementWith({ coverage }) })).toBe(expected);
  });
});

describe('people', () => {
  const approval: Gate = { kind: 'approval', name: 'two', role: 'admin', count: 2 };
  const given = (by: string, role = 'admin') => ({ by, role, at: iso(0), reason: 'fine' });

  test('approve once each, in the role that is asked for', () => {
    const approvals = [given('ana'), given('ana'), given('ben', 'operator')];
    expect(report(approval, { position: { approvals } })).toBe(
      'closed: 2 approvals by the role admin needed, 1 given (ana): pointsman approve --reason "…"',
    );
    expect(report(approval, { position: { approvals: [given('ana'), given('eve')] } })).toBe('open');
  });

  test('have rehearsed a rollback lately', () => {
    const drill: Gate = { kind: 'drill', name: 'drill', withinMs: 7 * DAY_MS };
    expect(report(drill, {})).toBe('closed: a rollback drill in the last 7 d needed, none was held');
    const lastDrill = { at: iso(0), seconds: 2 };
    expect(report(drill, { days: 7, position: { lastDrill } })).toBe('open');
    expect(report(drill, { days: 8, position: { lastDrill } })).toBe(
      'closed: a rollback drill in the last 7 d needed, the last was on 2026-01-01 00:00 UTC',
    );
  });
});

describe('a window', () => {
  test('says when it opens', () => {
    const gate: Gate = {
      kind: 'window',
      name: 'off-peak',
      window: { days: WEEKDAYS, fromMinute: 120, toMinute: 300, zone: 'Europe/Berlin' },
    };
    expect(report(gate, { days: 0.5 })).toBe(
      'closed: outside the window sun mon tue wed thu fri sat 02:00–05:00 Europe/Berlin, opens at 2026-01-02 01:00 UTC | 2026-01-02T01:00',
    );
    expect(report(gate, { days: 1.05 })).toBe('open');
  });
});
