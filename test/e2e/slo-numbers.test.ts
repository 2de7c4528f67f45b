import { systemClock } from '../../src/kernel/clock';
import { seededRandom } from '../../src/kernel/random';
import { ManualClock } from '../../src/kernel/manual-clock';
import { TRANSPORTS, type TransportName } from '../../src/kernel/words';
import { durationText } from '../../src/slo/duration';
import { windowsOf } from '../../src/slo/objective-verdict';
import { DEFAULT_OBJECTIVES, baseWindowMs, type Objective, type Term } from '../../src/slo/objectives';
import { Periods } from '../../src/slo/period';
import { PrometheusClient } from '../../src/slo/prometheus/client';
import { PrometheusReader } from '../../src/slo/prometheus/reader';
import type { Series } from '../../src/slo/prometheus/window-query';
import type { Reading, Scope } from '../../src/slo/readings';
import { RECORDED, RULE_INTERVAL_MS } from '../../src/slo/recorded';
import { PrometheusServer, ratesRules, type StoredSample } from '../support/prometheus-server';
import { scrapesOf } from '../support/recorded-world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SCRAPE_MS = 15_000;
const GENERATION = 3;
const SPAN = 4 * HOUR;
const LOOK_BACK = '5m';

const server = new PrometheusServer();
const endMs = Math.floor((systemClock.wallNow() - MINUTE) / RULE_INTERVAL_MS) * RULE_INTERVAL_MS;
const samples: StoredSample[] = [];

/** Two replicas; one restarts and is not scraped for a while, the other dies; then the new transport is switched off. */
beforeAll(async () => {
  samples.push(
    ...scrapesOf({
      fromMs: endMs - SPAN,
      toMs: endMs,
      replicas: [
        { instance: 'a:9400', restartsAtMs: [2.5 * HOUR], gaps: [[3 * HOUR, 3 * HOUR + 7 * MINUTE]] },
        { instance: 'b:9400', restartsAtMs: [], gaps: [], diesAtMs: 3.5 * HOUR },
      ],
      switchedOff: { transport: 'new', atMs: SPAN - 12 * MINUTE },
      generations: [
        [GENERATION - 1, 0],
        [GENERATION, 1.5 * HOUR],
      ],
      metrics: [
        'commands',
        'commandLatency',
        'transmissions',
        'transmissionsUnanswered',
        'packetsReceived',
        'decodeErrors',
      ],
      environment: 'lab',
      random: seededRandom(20_261_120),
    }),
  );
  await server.store(samples);
  await server.start();
  await server.backfill(ratesRules(DEFAULT_OBJECTIVES), endMs - SPAN, endMs);
}, 120_000);

afterAll(() => server.close());

function reader(series: Series): PrometheusReader {
  const clock = new ManualClock();
  const settings = { url: server.url, timeoutMs: 20_000, bodyLimitBytes: 1_048_576 };
  return new PrometheusReader(new PrometheusClient({ clock, settings, onSkew: () => {} }), {
    series,
    scrapeIntervalMs: SCRAPE_MS,
    selector: 'job="pointsman"',
    environment: 'lab',
    expectedReplicas: 1,
  });
}

async function readAll(
  series: Series,
  objective: Objective,
  transport: TransportName,
  scope: Scope,
): Promise<ReadonlyMap<number, Reading>> {
  const readings = await reader(series).read({
    objective,
    transport,
    scope,
    windowsMs: windowsOf(objective),
    endMs,
  });
  if (readings.kind !== 'read') throw new Error(readings.why);
  return readings.byWindow;
}

async function readAllOf(
  from: PrometheusReader,
  objective: Objective,
  windowMs: number,
): Promise<number | undefined> {
  const request = { objective, transport: 'legacy', scope: 'whole', windowsMs: [windowMs], endMs } as const;
  const readings = await from.read(request);
  const reading = readings.kind === 'read' ? readings.byWindow.get(windowMs) : undefined;
  return reading?.kind === 'counts' ? reading.all : undefined;
}

interface Hand {
  readonly bad: number;
  readonly all: number;
}

const ASKED = DEFAULT_OBJECTIVES.flatMap((objective) =>
  TRANSPORTS.flatMap((transport) =>
    ([GENERATION, 'whole'] as const).map((scope) => [objective.name, transport, scope, objective] as const),
  ),
);

function expectSame(reading: Reading | undefined, hand: Hand | undefined, about: string): void {
  if (hand === undefined) return expect([about, reading?.kind]).toEqual([about, 'no_data']);
  if (reading?.kind !== 'counts') throw new Error(`${about}: ${JSON.stringify(reading)}`);
  const six = (value: number): string => value.toPrecision(6);
  expect([about, six(reading.bad), six(reading.all)]).toEqual([about, six(hand.bad), six(hand.all)]);
  if (hand.all > 0)
    expect([about, six(reading.bad / reading.all)]).toEqual([about, six(hand.bad / hand.all)]);
}

describe('what the reader says', () => {
  test.each(ASKED)(
    'of %s, %s, %s is what the recorded samples add up to',
    async (_n, transport, scope, objective) => {
      const read = await readAll('recorded', objective, transport, scope);
      for (const windowMs of windowsOf(objective)) {
        const hand = await recordedByHand(objective, transport, scope, windowMs);
        expectSame(read.get(windowMs), hand, durationText(windowMs));
      }
    },
  );

  test.each(ASKED)(
    'of %s, %s, %s is what the scraped samples add up to',
    async (_n, transport, scope, objective) => {
      const read = await readAll('raw', objective, transport, scope);
      for (const windowMs of windowsOf(objective)) {
        const hand = scrapedByHand(objective, transport, scope, windowMs);
        expectSame(read.get(windowMs), hand, durationText(windowMs));
      }
    },
  );

  test('of the transport that was switched off is no data in short windows, never zero events', async () => {
    const [success] = DEFAULT_OBJECTIVES as [Objective];
    const read = await readAll('recorded', success, 'new', GENERATION);
    expect(read.get(5 * MINUTE)).toMatchObject({ kind: 'no_data' });
    expect(read.get(HOUR)).toMatchObject({ kind: 'counts' });
  });

  test.each(['recorded', 'raw'] as const)(
    'of the days of a report adds up to what it says of them together (%s)',
    async (series) => {
      const [success] = DEFAULT_OBJECTIVES as [Objective];
      const DAY = 24 * HOUR;
      const clock = new ManualClock(endMs);
      const periods = new Periods({ objectives: [success], reader: reader(series), clock, concurrency: 4 });
      const { objectives } = await periods.read({ days: 2 });
      const legacy = (objectives[0]?.days ?? []).flatMap((day) =>
        day.legacy.kind === 'counts' ? [day.legacy.all] : [],
      );
      const whole = (await readAllOf(reader(series), success, 2 * DAY)) ?? NaN;
      expect(whole).toBeGreaterThan(0);
      // A sample right at midnight may belong to either day, and a rate reaches over it.
      const share = legacy.reduce((sum, all) => sum + all, 0) / whole;
      expect(Math.abs(share - 1)).toBeLessThan(0.02);
    },
  );

  test('of a window tells how much of it was measured', async () => {
    const [success] = DEFAULT_OBJECTIVES as [Objective];
    const legacy = await readAll('recorded', success, 'legacy', GENERATION);
    const coverage = (windowMs: number): number => {
      const reading = legacy.get(windowMs);
      return reading?.kind === 'counts' ? reading.coverage : NaN;
    };
    expect(coverage(HOUR)).toBe(1);
    expect(coverage(24 * HOUR)).toBeCloseTo((SPAN - 1.5 * HOUR) / (24 * HOUR), 2);
  });
});

/** Sums of what is stored of the two recorded rates. */
async function recordedByHand(
  objective: Objective,
  transport: TransportName,
  scope: Scope,
  windowMs: number,
): Promise<Hand | undefined> {
  const generation = scope === 'whole' ? '' : `,generation="${scope}"`;
  const labels = `{slo="${objective.name}",transport="${transport}"${generation}}`;
  // The shortest window is the rate itself: the newest sample, as far back as Prometheus looks for one.
  const isBase = windowMs === baseWindowMs(objective);
  const total = async (record: string): Promise<number | undefined> => {
    const window = isBase ? LOOK_BACK : durationText(windowMs);
    const series = await server.stored(`${record}${labels}`, window, endMs);
    const parts = series.map(({ samples: stored }) =>
      isBase
        ? (stored.at(-1)?.value ?? NaN) * (windowMs / 1000)
        : stored.reduce((sum, { value }) => sum + value, 0) * (RULE_INTERVAL_MS / 1000),
    );
    return parts.length === 0 ? undefined : parts.reduce((sum, value) => sum + value, 0);
  };
  const [bad, all] = [await total(RECORDED.errors), await total(RECORDED.events)];
  return bad === undefined || all === undefined ? undefined : { bad: Math.min(bad, all), all };
}

const SERIES = new Map<string, { atMs: number; value: number }[]>();

/** The increase of every series that a term counts, as Prometheus documents it, from the samples themselves. */
function scrapedByHand(
  objective: Objective,
  transport: TransportName,
  scope: Scope,
  windowMs: number,
): Hand | undefined {
  const sum = (term: Term, suffix: string, more: string): number | undefined => {
    const found = [...seriesByName()].filter(
      ([name]) =>
        name.startsWith(`${term.metric}${suffix}{`) &&
        name.includes(`transport="${transport}"`) &&
        (scope === 'whole' || name.includes(`generation="${scope}"`)) &&
        name.includes(more) &&
        Object.entries(term.where).every(([label, values]) =>
          values.some((value) => name.includes(`${label}="${value}"`)),
        ),
    );
    const increases = found
      .map(([, points]) => increaseByHand(points, windowMs))
      .filter((one) => one !== undefined);
    return increases.length === 0 ? undefined : increases.reduce((total, one) => total + one, 0);
  };
  const termOf = (term: Term): number | undefined => {
    if (!term.metric.endsWith('_seconds')) return sum(term, '', '');
    const count = sum(term, '_count', '');
    if (term.aboveSeconds === undefined || count === undefined) return count;
    return Math.max(0, count - (sum(term, '_bucket', `le="${term.aboveSeconds}"`) ?? NaN));
  };
  const side = (terms: readonly Term[]): number | undefined =>
    terms
      .map(termOf)
      .reduce((total, one) => (total === undefined || one === undefined ? undefined : total + one), 0);
  const [bad, all] = [side(objective.bad), side(objective.all)];
  return bad === undefined || all === undefined ? undefined : { bad: Math.min(bad, all), all };
}

function seriesByName(): ReadonlyMap<string, { atMs: number; value: number }[]> {
  if (SERIES.size > 0) return SERIES;
  for (const { series, atMs, value } of samples) {
    const points = SERIES.get(series) ?? [];
    points.push({ atMs, value });
    SERIES.set(series, points);
  }
  return SERIES;
}

function increaseByHand(
  points: readonly { atMs: number; value: number }[],
  windowMs: number,
): number | undefined {
  const fromMs = endMs - windowMs;
  const inside = points.filter(({ atMs }) => atMs >= fromMs && atMs <= endMs);
  const [first, last] = [inside[0], inside.at(-1)];
  if (inside.length < 2 || !first || !last) return undefined;
  let increase = last.value - first.value;
  inside.forEach(({ value }, at) => {
    const before = inside[at - 1]?.value ?? 0;
    if (at > 0 && value < before) increase += before;
  });
  const sampled = last.atMs - first.atMs;
  const between = sampled / (inside.length - 1);
  const [toStart, toEnd] = [first.atMs - fromMs, endMs - last.atMs];
  const toZero = increase > 0 && first.value >= 0 ? sampled * (first.value / increase) : Infinity;
  const reach = (gap: number): number => (gap < between * 1.1 ? gap : between / 2);
  return increase * ((sampled + reach(Math.min(toStart, toZero)) + reach(toEnd)) / sampled);
}
