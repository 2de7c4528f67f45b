import { DEFAULT_OBJECTIVES, type Objective } from '../../slo/objectives';
import { RULE_INTERVAL_MS } from '../../slo/recorded';
import { objectiveFile } from '../alerts/rule-files';
import { alertStem } from '../../slo/rollback-alerts';
import { durationText } from '../../slo/duration';
import { seriesOf, type History } from './objective-events';
import { constantValues, firing, type ExpressionTest, type RuleTest, type RuleTestFile } from './scenario';

const SCRAPE_SECONDS = 15;
const SCRAPES_PER_MINUTE = 60 / SCRAPE_SECONDS;
const MINUTES = 32;
const GENERATION = 3;

const minutes = (count: number): number => count * SCRAPES_PER_MINUTE;

/** Ten events a second, all of them good. */
const CLEAN: History = [{ scrapes: minutes(MINUTES), good: 150, bad: 0 }];
/** Everything fails from the tenth minute on. */
const OUTAGE: History = [
  { scrapes: minutes(10), good: 150, bad: 0 },
  { scrapes: minutes(MINUTES - 10), good: 0, bad: 150 },
];
/** Ten minutes of it. */
const RECOVERED: History = [
  { scrapes: minutes(10), good: 150, bad: 0 },
  { scrapes: minutes(10), good: 0, bad: 150 },
  { scrapes: minutes(MINUTES - 20), good: 150, bad: 0 },
];
const IDLE: History = [{ scrapes: minutes(MINUTES), good: 0, bad: 0 }];
const RESET: History = [
  { scrapes: minutes(12), good: 150, bad: 0 },
  'reset',
  { scrapes: minutes(MINUTES - 12), good: 150, bad: 0 },
];
/** One event a minute, and one of them is bad. */
const SELDOM: History = [
  { scrapes: 40, good: 0.25, bad: 0 },
  { scrapes: 1, good: 0, bad: 1 },
  { scrapes: minutes(MINUTES) - 41, good: 0.25, bad: 0 },
];

interface Case {
  readonly name: string;
  readonly fleet: Readonly<Partial<Record<'new' | 'legacy', History>>>;
  /** Of the series; the plan's is always the same. */
  readonly generation?: number;
  readonly tests: readonly ExpressionTest[];
}

/** Eight things that an objective's rules must get right, and four about whom to blame. */
export function objectiveTests(objectives: readonly Objective[] = DEFAULT_OBJECTIVES): RuleTestFile[] {
  return objectives.map((objective) => ({
    file: `slo-${objective.name}.test.yaml`,
    about: [`What the rules of ${objective.name} must do, and must not.`],
    rules: [objectiveFile(objective)],
    everySeconds: RULE_INTERVAL_MS / 1000,
    tests: [...casesOf(objective), ...casesOfBlame(objective)].map((one) => testOf(objective, one)),
  }));
}

function testOf(objective: Objective, { name, fleet, generation = GENERATION, tests }: Case): RuleTest {
  const series = Object.entries(fleet).flatMap(([transport, history]) =>
    seriesOf(objective, history, { transport, generation: `${generation}`, instance: 'a' }),
  );
  const plan = {
    series: 'tcp_comm_plan_generation{instance="a"}',
    values: constantValues(GENERATION, minutes(MINUTES)),
  };
  return { name, interval: `${SCRAPE_SECONDS}s`, input_series: [...series, plan], promql_expr_test: tests };
}

function casesOf(objective: Objective): Case[] {
  const stem = alertStem(objective);
  const noAlert = (...at: number[]): ExpressionTest[] =>
    at.map((minute) => firing(`slo="${objective.name}"`, ['alertname'], `${minute}m`, []));
  const noData = (at: string, expected: readonly string[]): ExpressionTest =>
    firing(`alertname="${stem}NoData"`, ['alertname'], at, expected);
  const { shortMs } = fastest(objective);
  const afterShort = `${20 + (2 * shortMs) / 60_000 + 1}m`;
  return [
    {
      name: 'clean traffic: nothing fires',
      fleet: { new: CLEAN, legacy: CLEAN },
      tests: noAlert(10, 20, 30),
    },
    {
      name: 'total outage of new: critical for new, nothing for legacy',
      fleet: { new: OUTAGE, legacy: CLEAN },
      tests: [
        ...noAlert(9),
        fast(objective, '15m', ['Burn', 'Rollback']),
        firing(`slo="${objective.name}",transport="legacy"`, ['alertname'], '15m', []),
        fast(objective, '30m', ['Burn', 'Rollback']),
      ],
    },
    {
      name: 'just below every threshold: nothing fires',
      fleet: { new: justBelow(objective), legacy: CLEAN },
      tests: noAlert(10, 20, 30),
    },
    { name: 'no traffic: nothing burns', fleet: { new: IDLE, legacy: CLEAN }, tests: noAlert(10, 20, 30) },
    {
      name: 'no series: that is said after its time, and nothing else fires',
      fleet: { legacy: CLEAN },
      tests: [noData('9m', []), noData('12m', [`{alertname="${stem}NoData"}`]), fast(objective, '30m', [])],
    },
    {
      name: 'low traffic with one failure: nothing fires',
      fleet: { new: SELDOM, legacy: CLEAN },
      tests: noAlert(11, 12, 20, 30),
    },
    {
      name: 'recovery: gone when the short window has passed',
      fleet: { new: RECOVERED, legacy: CLEAN },
      tests: [fast(objective, '20m', ['Burn', 'Rollback']), fast(objective, afterShort, [])],
    },
    {
      name: 'a counter that begins again: nothing fires',
      fleet: { new: RESET, legacy: CLEAN },
      tests: noAlert(12, 13, 20),
    },
    {
      name: 'everything on legacy: nothing fires',
      fleet: { new: IDLE, legacy: CLEAN },
      tests: [...noAlert(30), firing('action="rollback"', ['alertname'], '30m', [])],
    },
  ];
}

function casesOfBlame(objective: Objective): Case[] {
  return [
    {
      name: 'both fail: a pause, and no way back',
      fleet: { new: OUTAGE, legacy: OUTAGE },
      tests: [fast(objective, '15m', ['Burn', 'CommonCause'])],
    },
    {
      name: 'both hover about the limit, legacy just below: a pause, and no way back',
      fleet: { new: about(objective, 1.03), legacy: about(objective, 0.97) },
      tests: [fast(objective, '20m', ['Burn', 'CommonCause'])],
    },
    {
      name: 'no legacy traffic: back all the same',
      fleet: { new: OUTAGE },
      tests: [fast(objective, '15m', ['Burn', 'Rollback'])],
    },
    {
      name: 'a generation that is over: nothing fires',
      fleet: { new: OUTAGE, legacy: CLEAN },
      generation: GENERATION - 1,
      tests: [firing(`slo="${objective.name}"`, ['alertname'], '30m', [])],
    },
  ];
}

function fastest({ tiers }: Objective): Objective['tiers'][number] {
  const [tier] = tiers;
  if (!tier) throw new RangeError('an objective has a tier');
  return tier;
}

/** What the fastest tier does. Slower ones join it, some of them later. */
function fast(
  objective: Objective,
  at: string,
  kinds: readonly ('Burn' | 'Rollback' | 'CommonCause')[],
): ExpressionTest {
  const labels = `slo="${objective.name}",long_window="${durationText(fastest(objective).longMs)}"`;
  const expected = kinds.map(
    (kind) => `{alertname="${alertStem(objective)}${kind}", transport="new", generation="${GENERATION}"}`,
  );
  return firing(labels, ['alertname', 'transport', 'generation'], at, expected);
}

/** So many times what the fastest tier allows, of ten events a second. */
function about(objective: Objective, times: number): History {
  const EVENTS = 150;
  const bad = (times * fastest(objective).factor * objective.budgetPpm * EVENTS) / 1e6;
  return [{ scrapes: minutes(MINUTES), good: EVENTS - bad, bad }];
}

/** Nine tenths of what the slowest tier allows, of ten thousand events in each scrape. */
function justBelow({ budgetPpm, tiers }: Objective): History {
  const EVENTS = 10_000;
  const least = Math.min(...tiers.map(({ factor }) => factor));
  const bad = Math.floor((0.9 * least * budgetPpm * EVENTS) / 1e6);
  return [{ scrapes: minutes(MINUTES), good: EVENTS - bad, bad }];
}
