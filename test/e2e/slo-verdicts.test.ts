import { systemClock } from '../../src/kernel/clock';
import { seededRandom } from '../../src/kernel/random';
import { Days } from '../../src/slo/days';
import { Evaluator } from '../../src/slo/evaluator';
import { DEFAULT_OBJECTIVES, type Objective } from '../../src/slo/objectives';
import { CountCells } from '../../src/slo/process/count-cells';
import { OwnHistory } from '../../src/slo/process/own-history';
import { Slots } from '../../src/slo/process/slots';
import { PrometheusClient } from '../../src/slo/prometheus/client';
import { PrometheusReader } from '../../src/slo/prometheus/reader';
import { Streaks } from '../../src/slo/streaks';
import type { Judgement } from '../../src/slo/verdict';
import { Witness } from '../../src/slo/witness';
import type { CountedName } from '../../src/telemetry/catalogue';
import { PrometheusServer, type StoredSample } from '../support/prometheus-server';
import { RecordedFacts } from '../support/recorded-facts';
import { scrapesOf, type World } from '../support/recorded-world';

const HOUR = 3_600_000;
const GENERATION = 4;
const SCRAPE_MS = 15_000;
const BLIND_TICKS = 2;

const [SUCCESS] = DEFAULT_OBJECTIVES as [Objective];
const LOSS = DEFAULT_OBJECTIVES.find(({ name }) => name === 'packet-loss') as Objective;

/** Deployments that share one Prometheus, each under a job of its own. */
const JOBS: Readonly<Record<string, Partial<World>>> = {
  healthy: { perScrape: (_transport, value) => (value === 'applied' || value === '' ? 20 : 0) },
  broken: {
    perScrape: (transport, value) => (value === (transport === 'new' ? 'timeout' : 'applied') ? 20 : 0),
  },
  shared: { perScrape: (_transport, value) => (value === 'timeout' ? 20 : 0) },
  idle: { perScrape: () => 0 },
  staging: { environment: 'staging' },
  renamed: { metrics: ['transmissions'] },
  dead: { replicas: [{ instance: 'dead:1', restartsAtMs: [], gaps: [], diesAtMs: 2 * HOUR }] },
};

const server = new PrometheusServer();

beforeAll(async () => {
  const toMs = systemClock.wallNow() + 60_000;
  const samples: StoredSample[] = Object.entries(JOBS).flatMap(([job, over]) => [
    ...scrapesOf({
      job,
      fromMs: toMs - 2.5 * HOUR,
      toMs,
      replicas: [{ instance: `${job}:1`, restartsAtMs: [HOUR], gaps: [] }],
      generations: [[GENERATION, 0]],
      metrics: ['commands', 'transmissions', 'transmissionsUnanswered'] satisfies CountedName[],
      environment: 'lab',
      random: seededRandom(7),
      ...over,
    }),
  ]);
  await server.store(samples);
  await server.start();
}, 120_000);

afterAll(() => server.close());

function clientOf(timeoutMs: number): PrometheusClient {
  return new PrometheusClient({
    clock: systemClock,
    settings: { url: server.url, timeoutMs, bodyLimitBytes: 1_048_576 },
    onSkew: () => {},
  });
}

function evaluator(job: string, objectives: readonly Objective[], timeoutMs = 10_000): Evaluator {
  const reader = new PrometheusReader(clientOf(timeoutMs), {
    series: 'raw',
    scrapeIntervalMs: SCRAPE_MS,
    selector: `job="${job}"`,
    environment: 'lab',
    expectedReplicas: 1,
  });
  return new Evaluator({
    objectives,
    reader,
    days: new Days(),
    streaks: new Streaks(),
    bystanders: {
      gather: () => Promise.resolve({ mirror: undefined, coverage: undefined, guardRates: undefined }),
    },
    compareWitnesses: () => Promise.resolve(),
    versions: { program: 'test', objectives: 'test' },
    settings: { blindTicks: BLIND_TICKS, concurrency: 4, youngMs: 0 },
    clock: systemClock,
    observe: () => {},
  });
}

const QUESTION = { generation: GENERATION, stage: 'ten', since: '2026-01-01T00:00:00Z' };

async function judged(job: string, objective: Objective): Promise<Judgement> {
  return evaluator(job, [objective]).judge(QUESTION);
}

describe('judging from a real Prometheus', () => {
  test('passes a healthy transport on its numbers', async () => {
    const { objectives, demands } = await judged('healthy', SUCCESS);
    expect(objectives).toMatchObject([{ verdict: 'pass', bad: 0, budgetLeft: 1 }]);
    expect(objectives[0]?.all).toBeGreaterThan(3_000);
    expect(demands).toEqual([]);
  });

  test('demands a rollback of one that fails beside a healthy legacy, with everything it rests on', async () => {
    const { objectives, demands } = await judged('broken', SUCCESS);
    expect(objectives).toMatchObject([{ verdict: 'fail' }]);
    expect(demands).toMatchObject([
      {
        kind: 'rollback',
        rule: 'burn_1h_5m',
        evidence: {
          generation: GENERATION,
          control: 'clear',
          source: 'prometheus',
          thresholds: { factor: 14.4, minimumEvents: 209, minimumFailures: 3 },
          new: { '1h': { coverage: 1 }, '5m': { coverage: 1 } },
        },
      },
    ]);
    expect(demands[0]?.why).toContain('legacy does not fail it');
  });

  test('calls it a common cause when legacy fails too, and blames nobody', async () => {
    const { demands } = await judged('shared', SUCCESS);
    expect(demands).toMatchObject([{ kind: 'pause', rule: 'common_cause', critical: true }]);
  });

  test('finds too little to say without traffic', async () => {
    const { objectives, demands } = await judged('idle', SUCCESS);
    expect(objectives).toMatchObject([{ verdict: 'insufficient', all: 0 }]);
    expect(demands).toEqual([]);
  });
});

describe('the second witness', () => {
  test('finds the series of this very process by its name, and no other’s', async () => {
    const facts = new RecordedFacts();
    const slots = new Slots([SUCCESS]);
    const cells = new CountCells(slots.size, { fineMs: HOUR, keptMs: HOUR, maxCells: 10 });
    const counters = { currentGeneration: GENERATION, samplesOf: () => [] };
    const history = new OwnHistory({ counters, slots, cells, clock: systemClock, maxSnapshots: 9 });
    const witness = new Witness({
      client: clientOf(10_000),
      history,
      slots,
      objectives: [SUCCESS],
      replica: 'healthy:1',
      lagMs: 0,
      observe: facts.observe,
    });
    for (let look = 0; look < 3; look += 1) await witness.compare(GENERATION);
    // This one has counted nothing, the one that was scraped has.
    expect(witness.disagreements).toEqual([
      expect.stringMatching(/^command-success new all: \d+ in Prometheus, 0 to 0 here$/),
      expect.stringMatching(/^command-success legacy all: \d+ in Prometheus, 0 to 0 here$/),
    ]);
  });
});

describe('holding when nothing can be said', () => {
  /** Twice, because the second look in a row is one too many here. */
  const heldBy = async (job: string, objective: Objective, timeoutMs?: number): Promise<string> => {
    const judge = evaluator(job, [objective], timeoutMs);
    const first = await judge.judge(QUESTION);
    expect(first.objectives).toMatchObject([{ verdict: 'unknown', bad: undefined }]);
    expect(first.demands).toEqual([]);
    const second = await judge.judge(QUESTION);
    expect(second.demands).toMatchObject([{ kind: 'pause', rule: 'blind', critical: false }]);
    return second.demands[0]?.why ?? '';
  };

  test('another environment answers', async () => {
    expect(await heldBy('staging', SUCCESS)).toContain('another environment than lab');
  });

  test('a metric has another name', async () => {
    expect(await heldBy('renamed', LOSS)).toContain('no series tcp_comm_transmission_unanswered_total');
  });

  test('the only target is dead', async () => {
    expect(await heldBy('dead', SUCCESS)).toContain('0 of 1 replicas');
  });

  test('Prometheus takes the question and never answers', async () => {
    server.freeze();
    try {
      expect(await heldBy('healthy', SUCCESS, 200)).toContain('no answer within 200 ms');
    } finally {
      server.thaw();
    }
  });

  test('and judges again when Prometheus is back', async () => {
    expect((await judged('healthy', SUCCESS)).objectives).toMatchObject([{ verdict: 'pass' }]);
  });
});
