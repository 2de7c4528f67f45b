import { ManualClock } from '../kernel/manual-clock';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { ToldReader } from '../../test/support/told-reader';
import { Days } from './days';
import { Evaluator } from './evaluator';
import { DEFAULT_OBJECTIVES, type Objective } from './objectives';
import { replayDecision } from './replay-decision';
import { Streaks } from './streaks';
import type { Judgement } from './verdict';

const [SUCCESS] = DEFAULT_OBJECTIVES as [Objective];
const HOUR = 3_600_000;
const LATENCY_TIER = { longMs: 6 * HOUR, shortMs: HOUR / 2, factor: 5.6, severity: 'page' } as const;
const DAY = 24 * HOUR;
const OUTAGE = { bad: 1_000, all: 1_000, coverage: 0.01 };
const CLEAN = { bad: 0, all: 100_000 };

function bench(over: Partial<Objective> = {}) {
  const clock = new ManualClock();
  const reader = new ToldReader();
  const facts = new RecordedFacts();
  const evaluator = new Evaluator({
    objectives: [{ ...SUCCESS, ...over }],
    reader,
    days: new Days(),
    streaks: new Streaks(),
    bystanders: {
      gather: (generation) =>
        Promise.resolve({
          mirror: { compared: generation, disagreed: 0 },
          coverage: { devices: 3, spoken: 2 },
          guardRates: { firstFailures: 1, breakages: 0 },
        }),
    },
    compareWitnesses: () => Promise.resolve(),
    versions: { program: '1', objectives: 'abc' },
    settings: { blindTicks: 3, concurrency: 2, youngMs: 180_000 },
    clock,
    observe: facts.observe,
  });
  const look = (generation = 1): Promise<Judgement> => evaluator.judge({ generation, stage: 's', since: '' });
  const after = (ms: number, generation?: number): Promise<Judgement> => {
    clock.advance(ms);
    return look(generation);
  };
  return { clock, reader, facts, evaluator, look, after };
}

const demandsOf = ({ demands }: Judgement) => demands.map(({ kind, rule }) => `${kind} ${rule}`);

describe('a page tier', () => {
  test('takes the new transport back at the first look', async () => {
    const { reader, look } = bench();
    reader.says('new', OUTAGE).says('legacy', CLEAN);
    expect(demandsOf(await look())).toEqual(['rollback burn_1h_5m']);
  });

  test('does not before there are as many events as the tier wants', async () => {
    const { reader, look } = bench();
    reader.says('legacy', CLEAN).says('new', { bad: 208, all: 208, coverage: 0.01 });
    const { demands, objectives } = await look();
    expect([demands, objectives[0]?.verdict]).toEqual([[], 'insufficient']);
    reader.says('new', { bad: 209, all: 209, coverage: 0.01 });
    expect(demandsOf(await look())).toEqual(['rollback burn_1h_5m']);
  });

  test('does not for two failures, however few events there are', async () => {
    const { reader, look } = bench({ budgetPpm: 1 });
    reader.says('new', { bad: 2, all: 300_000 }).says('legacy', CLEAN);
    expect((await look()).demands).toEqual([]);
  });

  test('says that there was nothing to compare with, and goes back', async () => {
    const { reader, look } = bench();
    reader.says('new', OUTAGE).says('legacy', { bad: 0, all: 0 });
    const [demand] = (await look()).demands;
    expect(demand?.kind).toBe('rollback');
    expect(demand?.why).toContain('no legacy traffic to compare with');
  });

  test('blames nobody when legacy fails the same, though legacy has few events', async () => {
    const { reader, look } = bench();
    reader.says('new', OUTAGE).says('legacy', { bad: 3, all: 10 });
    expect(demandsOf(await look())).toEqual(['pause common_cause']);
  });

  test('blames new when legacy has too few failures to be sure of', async () => {
    const { reader, look } = bench();
    reader.says('new', OUTAGE).says('legacy', { bad: 2, all: 10 });
    expect(demandsOf(await look())).toEqual(['rollback burn_1h_5m']);
  });

  test('blames nobody while legacy, just below the limit, is not better by more than chance', async () => {
    const { reader, look } = bench({ budgetPpm: 10_000, tiers: [{ ...LATENCY_TIER }] });
    // Slow devices on both paths: 6.5 % miss the threshold, and 5.6 % is the limit.
    reader.says('new', { bad: 15, all: 173, coverage: 0.01 }).says('legacy', { bad: 57, all: 1053 });
    const [demand] = (await look()).demands;
    expect(demand).toMatchObject({
      kind: 'pause',
      rule: 'common_cause',
      evidence: { control: 'unclear', thresholds: { apart: 5 } },
    });
    expect(demand?.why).toContain('not better by more than chance (57 of 1053 bad)');
  });

  test('blames new as soon as it is worse by more than chance', async () => {
    const { reader, look } = bench({ budgetPpm: 10_000, tiers: [{ ...LATENCY_TIER }] });
    reader.says('new', { bad: 190, all: 1730, coverage: 0.01 }).says('legacy', { bad: 570, all: 10530 });
    expect(demandsOf(await look())).toEqual(['rollback burn_6h_30m']);
  });

  test('demands nothing of an objective that only observes', async () => {
    const { reader, look } = bench({ observeOnly: true });
    reader.says('new', OUTAGE).says('legacy', CLEAN);
    const { demands, objectives } = await look();
    expect([demands, objectives[0]?.verdict]).toEqual([[], 'fail']);
  });
});

describe('an exhausted budget', () => {
  const OVERSPENT = { bad: 150, all: 100_000 };
  const pages = { tiers: SUCCESS.tiers.slice(0, 2) };

  test('takes the new transport back', async () => {
    const { reader, look } = bench(pages);
    reader.says('new', OVERSPENT).says('legacy', CLEAN);
    expect(demandsOf(await look())).toEqual(['rollback budget_exhausted']);
  });

  test('does not while so little of the window was measured that it says little', async () => {
    const { reader, look } = bench(pages);
    reader.says('new', { ...OVERSPENT, coverage: 0.09 }).says('legacy', CLEAN);
    const { demands, objectives } = await look();
    expect([demands, objectives[0]?.verdict]).toEqual([[], 'insufficient']);
    expect(objectives[0]?.why).toContain('9 % of the window was measured');
  });
});

describe('a ticket tier', () => {
  /** Only the tier of factor 3, over windows that are covered; the objective's own is young. */
  const told = (windowMs: number) => ({ bad: 400, all: 100_000, coverage: windowMs > DAY ? 0.05 : 1 });

  test('takes it back after three failing verdicts a minute apart, and not before', async () => {
    const { reader, after } = bench();
    reader.saysOfWindow('new', told).says('legacy', CLEAN);
    const demands: string[][] = [];
    for (const ms of [0, 15_000, 45_000, 59_000, 1_000]) demands.push(demandsOf(await after(ms)));
    expect(demands).toEqual([[], [], [], [], ['rollback failing_verdicts:burn_1d_2h']]);
  });

  test('says nothing before its short window is covered', async () => {
    const { reader, after } = bench();
    reader.saysOfWindow('new', (windowMs) => ({ ...told(windowMs), coverage: 0.05 })).says('legacy', CLEAN);
    const { objectives } = await after(0);
    expect(objectives).toMatchObject([{ verdict: 'insufficient' }]);
  });
});

describe('three failing verdicts', () => {
  const note = (
    streaks: Streaks,
    minute: number,
    verdict: 'fail' | 'pass' | 'unknown' | 'insufficient',
    generation = 1,
  ) => streaks.note({ generation, objective: 'o', verdict, now: minute * 60_000, wallMs: minute }).length;

  test('count when they are a minute apart', () => {
    const streaks = new Streaks();
    expect([0, 0.25, 0.5, 1, 1.5, 2].map((minute) => note(streaks, minute, 'fail'))).toEqual([
      1, 1, 1, 2, 2, 3,
    ]);
  });

  test('begin anew after a pass, and not after what is no news', () => {
    const streaks = new Streaks();
    note(streaks, 0, 'fail');
    note(streaks, 1, 'unknown');
    note(streaks, 2, 'insufficient');
    expect(note(streaks, 3, 'fail')).toBe(2);
    note(streaks, 4, 'pass');
    expect(note(streaks, 5, 'fail')).toBe(1);
  });

  test('begin anew in another generation, and after a quarter of an hour', () => {
    const streaks = new Streaks();
    note(streaks, 0, 'fail');
    expect(note(streaks, 1, 'fail', 2)).toBe(1);
    expect(note(streaks, 17, 'fail', 2)).toBe(1);
  });
});

describe('missing data', () => {
  test('is unknown, holds, and calls somebody when it lasts', async () => {
    const { reader, look, facts, evaluator } = bench();
    reader.health = { kind: 'blind', why: 'ECONNREFUSED' };
    expect((await look()).demands).toEqual([]);
    expect((await look()).demands).toEqual([]);
    expect(demandsOf(await look())).toEqual(['pause blind']);
    expect(evaluator.lastLook).toMatchObject({ blind: true, measuredAt: undefined });
    expect(facts.of('evaluator_blind')).toMatchObject([
      { blind: true, why: 'command-success could not be measured: ECONNREFUSED' },
    ]);
    reader.health = { kind: 'well', nowMs: 0 };
    reader.says('new', CLEAN).says('legacy', CLEAN);
    expect((await look()).demands).toEqual([]);
    expect(facts.of('evaluator_blind')).toHaveLength(2);
  });

  test('of a generation that has only just begun is no fault yet', async () => {
    const { look, after } = bench();
    expect((await look()).objectives).toMatchObject([{ verdict: 'insufficient' }]);
    expect((await after(180_000)).objectives).toMatchObject([{ verdict: 'unknown' }]);
    expect((await look(2)).objectives).toMatchObject([{ verdict: 'insufficient' }]);
  });

  test('of the control alone takes no blame away', async () => {
    const { reader, look } = bench();
    reader.says('new', OUTAGE);
    expect(demandsOf(await look())).toEqual(['rollback burn_1h_5m']);
  });

  test('is what a reader that breaks gives', async () => {
    const { reader, look } = bench();
    reader.check = () => Promise.reject(new Error('a bug'));
    expect((await look()).objectives).toMatchObject([{ verdict: 'unknown' }]);
  });
});

describe('a finished day', () => {
  const NOON = Date.UTC(2026, 10, 20, 12);
  const midnight = Date.UTC(2026, 10, 20);

  test.each([
    ['met on as many events as show it', { bad: 2, all: 2_995 }, 'met'],
    ['not known on one less', { bad: 2, all: 2_994 }, 'insufficient'],
    ['failed on enough failures', { bad: 4, all: 3_001 }, 'failed'],
    ['not known on few failures of few events', { bad: 4, all: 2_999 }, 'insufficient'],
  ] as const)('is %s', async (_what, told, result) => {
    const { reader, look } = bench();
    reader.health = { kind: 'well', nowMs: NOON };
    reader.says('new', CLEAN).says('legacy', CLEAN).saysOfDay(midnight, told);
    expect((await look()).days).toEqual([{ day: '2026-11-19', objective: 'command-success', result }]);
  });

  test('is asked for once', async () => {
    const { reader, look } = bench();
    reader.saysOfDay(midnight, CLEAN);
    await look();
    const before = reader.asked.filter(({ endMs }) => endMs !== undefined).length;
    expect((await look()).days).toHaveLength(1);
    expect(reader.asked.filter(({ endMs }) => endMs !== undefined)).toHaveLength(before);
  });

  test('is not over five minutes after midnight, when its last scrapes arrive', async () => {
    const { reader, look } = bench();
    reader.saysOfDay(midnight, CLEAN);
    reader.health = { kind: 'well', nowMs: midnight + 299_999 };
    expect((await look()).days).toEqual([]);
    reader.health = { kind: 'well', nowMs: midnight + 300_000 };
    expect((await look()).days).toHaveLength(1);
  });
});

describe('a judgement', () => {
  test('carries what is counted elsewhere, of the generation that was asked for', async () => {
    const { look } = bench();
    expect(await look(7)).toMatchObject({
      generation: 7,
      mirror: { compared: 7 },
      coverage: { devices: 3, spoken: 2 },
      guardRates: { firstFailures: 1 },
    });
  });

  test('asked for twice at once is one', async () => {
    const { look, reader } = bench();
    const [one, other] = await Promise.all([look(), look()]);
    expect(one).toBe(other);
    expect(reader.asked.filter(({ endMs }) => endMs === undefined)).toHaveLength(3);
  });

  test('tells of a verdict when it changes', async () => {
    const { reader, look, facts } = bench();
    reader.says('new', CLEAN).says('legacy', CLEAN);
    await look();
    await look();
    reader.says('new', OUTAGE);
    await look();
    expect(facts.of('verdict_changed')).toMatchObject([
      { verdict: 'pass', before: undefined },
      { verdict: 'fail', before: 'pass' },
    ]);
  });
});

describe('a decision that is made again', () => {
  const decided = async (): Promise<unknown> => {
    const { reader, look } = bench();
    reader.says('new', OUTAGE).says('legacy', CLEAN);
    const [demand] = (await look()).demands;
    // As it comes back from the store.
    return JSON.parse(JSON.stringify(demand?.evidence));
  };

  test('with the same objectives is the same', async () => {
    expect(replayDecision(await decided(), DEFAULT_OBJECTIVES)).toMatchObject({
      then: 'burn_1h_5m',
      now: { decision: 'rollback', rule: 'burn_1h_5m', verdict: 'fail' },
      missing: [],
    });
  });

  test('with more evidence wanted is none', async () => {
    const patient = { ...SUCCESS, minimumFailures: 1_001 };
    expect(replayDecision(await decided(), [patient]).now).toMatchObject({ decision: 'none' });
  });

  test('is refused without evidence of an objective', () => {
    expect(() => replayDecision({ kind: 'guard' }, DEFAULT_OBJECTIVES)).toThrow(
      'no evidence of an objective',
    );
  });
});
