import { ManualClock } from '../kernel/manual-clock';
import type { TransportName } from '../kernel/words';
import { Days } from './days';
import { durationOf } from './duration';
import { Evaluator } from './evaluator';
import { minimumEvents, passEvents, type Objective } from './objectives';
import { CountCells } from './process/count-cells';
import { OwnHistory } from './process/own-history';
import { Slots, type OwnCounters } from './process/slots';
import { PrometheusReader } from './prometheus/reader';
import { KEY_LABEL, vectorOf, type VectorSource } from './prometheus/vector';
import { Streaks } from './streaks';
import type { Judgement, Verdict } from './verdict';

/** What a canned Prometheus says of one transport; `undefined`: it has no such series. */
type Arm = (quantity: string, windowMs: number) => string | undefined;

interface Scenario {
  readonly name: string;
  readonly arms: Readonly<Record<TransportName, Arm>>;
  /** Age of the newest sample, in seconds. */
  readonly age: string;
  readonly verdict: Verdict;
  readonly demand: 'rollback' | 'common_cause' | 'none';
}

const GENERATION = 7;
const FRESH = '5';
const STALE = '500';
const SCRAPE_MS = 15_000;
const EXPECTATION = {
  series: 'recorded',
  scrapeIntervalMs: SCRAPE_MS,
  selector: '',
  environment: 'self-test',
  expectedReplicas: 1,
} as const;

/**
 * Puts evidence whose verdict is known through the code that will judge the real one: from the text of an answer to
 * the demand. Says what came out wrong; nothing is good.
 */
export async function selfTest(objectives: readonly Objective[]): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const objective of objectives) {
    const acting = { ...objective, observeOnly: false };
    for (const scenario of scenariosOf(acting)) findings.push(...(await play(acting, scenario)));
  }
  return [...findings, ...counterReset(objectives)];
}

function scenariosOf(objective: Objective): Scenario[] {
  const slowest = Math.min(...objective.tiers.map(({ factor }) => factor), 1);
  const enough = 10 * Math.max(passEvents(objective), minimumEvents(objective, slowest));
  const counts = (bad: number, all: number): Arm => {
    const values: Readonly<Record<string, number>> = { bad, all, coverage: 1 };
    return (quantity) => String(values[quantity]);
  };
  const [clean, broken, idle] = [counts(0, enough), counts(enough, enough), counts(0, 0)];
  const nan: Arm = () => 'NaN';
  const infinite: Arm = (quantity) => (quantity === 'bad' ? '+Inf' : clean(quantity, 0));
  const empty: Arm = () => undefined;
  const few = counts(objective.minimumFailures - 1, enough);
  const scenario = (
    name: string,
    arms: Scenario['arms'],
    verdict: Verdict,
    demand: Scenario['demand'],
  ): Scenario => ({
    name,
    arms,
    verdict,
    demand,
    age: FRESH,
  });
  return [
    scenario('a healthy transport', { new: clean, legacy: clean }, 'pass', 'none'),
    scenario('a transport whose devices all fail', { new: broken, legacy: clean }, 'fail', 'rollback'),
    scenario('the same with the transports swapped', { new: clean, legacy: broken }, 'pass', 'none'),
    scenario('a failure of both', { new: broken, legacy: broken }, 'fail', 'common_cause'),
    scenario('a failure without anything to compare with', { new: broken, legacy: idle }, 'fail', 'rollback'),
    scenario('no traffic', { new: idle, legacy: idle }, 'insufficient', 'none'),
    scenario('fewer failures than count', { new: few, legacy: clean }, 'pass', 'none'),
    scenario('NaN', { new: nan, legacy: clean }, 'unknown', 'none'),
    scenario('infinitely many failures', { new: infinite, legacy: clean }, 'unknown', 'none'),
    scenario('an empty answer', { new: empty, legacy: empty }, 'unknown', 'none'),
    { ...scenario('delayed series', { new: broken, legacy: clean }, 'unknown', 'none'), age: STALE },
  ];
}

async function play(objective: Objective, scenario: Scenario): Promise<string[]> {
  const clock = new ManualClock();
  const evaluator = new Evaluator({
    objectives: [objective],
    reader: new PrometheusReader(cannedPrometheus(scenario), EXPECTATION),
    days: new Days(),
    streaks: new Streaks(),
    bystanders: {
      gather: () => Promise.resolve({ mirror: undefined, coverage: undefined, guardRates: undefined }),
    },
    compareWitnesses: () => Promise.resolve(),
    versions: { program: '', objectives: '' },
    settings: { blindTicks: 2, concurrency: 1, youngMs: 0 },
    clock,
    observe: () => {},
  });
  const question = { generation: GENERATION, stage: '', since: '' };
  return faultsOf(await evaluator.judge(question), objective, scenario);
}

function faultsOf({ objectives, demands }: Judgement, { name }: Objective, scenario: Scenario): string[] {
  const verdict = objectives[0]?.verdict;
  const [first] = demands;
  const demand = first === undefined ? 'none' : first.kind === 'rollback' ? 'rollback' : first.rule;
  const about = `${name}, ${scenario.name}`;
  return [
    ...(verdict === scenario.verdict ? [] : [`${about}: the verdict is ${verdict}, not ${scenario.verdict}`]),
    ...(demand === scenario.demand ? [] : [`${about}: the demand is ${demand}, not ${scenario.demand}`]),
  ];
}

/** Answers as Prometheus does, in text, from what a scenario says of each part. */
function cannedPrometheus({ arms, age }: Scenario): VectorSource {
  return {
    query(text, keys) {
      const arm = text.includes('transport="legacy"') ? arms.legacy : arms.new;
      const rows = [...keys].flatMap((key) => {
        const value = valueOf(key, arm, age);
        return value === undefined ? [] : [{ metric: { [KEY_LABEL]: key }, value: [0, value] }];
      });
      const body = JSON.stringify({ status: 'success', data: { resultType: 'vector', result: rows } });
      return Promise.resolve(vectorOf(body, keys));
    },
  };
}

function valueOf(key: string, arm: Arm, age: string): string | undefined {
  if (key === 'time') return '1000000';
  if (key === 'replicas') return '1';
  if (key === 'others') return undefined;
  if (key.startsWith('age:')) return age;
  const [quantity = '', window = ''] = key.split(':');
  return arm(quantity, durationOf(window) ?? NaN);
}

/** A process that was started again counts from zero: what it had counted before stays, and nothing is taken back. */
function counterReset(objectives: readonly Objective[]): string[] {
  const [objective] = objectives;
  const term = objective?.all[0];
  if (!objective || !term) return [];
  const clock = new ManualClock();
  const slots = new Slots([objective]);
  const cells = new CountCells(slots.size, { fineMs: 60 * 60_000, keptMs: 60 * 60_000, maxCells: 100 });
  let total = 0;
  let generation = GENERATION;
  const counters: OwnCounters = {
    get currentGeneration() {
      return generation;
    },
    samplesOf: () => [sampleOf(objective, total)],
  };
  const history = new OwnHistory({ counters, slots, cells, clock, maxSnapshots: 4 });
  for (const [next, of] of [
    [100, GENERATION],
    [40, GENERATION + 1],
    [60, GENERATION + 1],
  ] as const) {
    clock.advance(SCRAPE_MS);
    [total, generation] = [next, of];
    history.take();
  }
  const at = slots.at(objective.name, 'new', 'all');
  const span = { fromMs: 0, toMs: clock.wallNow() + 1 };
  const sums = (['whole', GENERATION, GENERATION + 1] as const).map(
    (scope) => cells.sum({ bad: at, all: at }, scope, span).all,
  );
  return sums.join() === '160,100,60'
    ? []
    : [`a counter that began again: counted ${sums.join()}, not 160,100,60`];
}

/** One line that the first term of an objective counts. */
function sampleOf({ all }: Objective, value: number) {
  const [{ metric, where }] = all as [Objective['all'][number]];
  const labels = Object.fromEntries(Object.entries(where).map(([label, values]) => [label, values[0] ?? '']));
  return { metricName: metric, labels: { ...labels, transport: 'new' }, value };
}
