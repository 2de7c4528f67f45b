import { seededRandom } from '../kernel/random';
import { quantileAt, type Quantiles } from './quantiles';
import { delaysOf, drawDelays, TIMING_NAMES, TIMING_PROFILES, type AnswerTiming } from './timing';

const DRAWS = 100_000;
/** At p99 of 100,000 draws the sample's own scatter is 1 to 3 %. */
const TOLERANCE = 0.05;
/** Shares that the draws are compared at: p50, p90, p95, p99. */
const SHARES = [0.5, 0.9, 0.95, 0.99];
const [CLOUD, STRIP, IDLE] = TIMING_PROFILES.captured as readonly [AnswerTiming, AnswerTiming, AnswerTiming];

interface Published {
  readonly environment: string;
  readonly timing: AnswerTiming;
  readonly quantiles: readonly number[];
  readonly max: number;
  /** The share over 127.5 ms. */
  readonly over: number;
}

function drawn(timing: AnswerTiming, what: 'receiptMs' | 'replyMs'): number[] {
  const random = seededRandom(2026);
  return Array.from({ length: DRAWS }, () => drawDelays(timing, random)[what]).sort((a, b) => a - b);
}

function sampleQuantiles(sorted: readonly number[]): number[] {
  return SHARES.map((share) => sorted[Math.floor(share * sorted.length)] ?? NaN);
}

function expectPublished(sorted: readonly number[], { quantiles, max, over }: Published): void {
  sampleQuantiles(sorted).forEach((value, index) => {
    expect(Math.abs(value / (quantiles[index] ?? 0) - 1)).toBeLessThan(TOLERANCE);
  });
  expect(sorted.at(-1)).toBeLessThanOrEqual(max);
  expect(sorted.filter((ms) => ms > 127.5).length / DRAWS).toBeCloseTo(over, 2);
}

describe('the captured timing profile', () => {
  const receipts: readonly Published[] = [
    { environment: 'cloud', timing: CLOUD, quantiles: [65.6, 312, 530, 2266], max: 4813, over: 0.31 },
    { environment: 'bursts', timing: STRIP, quantiles: [107, 1073, 1603, 1765], max: 2352, over: 0.46 },
    { environment: 'idle', timing: IDLE, quantiles: [93, 300, 341, 751], max: 904, over: 0.375 },
  ];
  const replies: readonly Published[] = [
    { environment: 'cloud', timing: CLOUD, quantiles: [291, 1293, 1635, 4814], max: 4814, over: 0.706 },
    { environment: 'idle', timing: IDLE, quantiles: [328, 1186, 1552, 2281], max: 2576, over: 0.675 },
  ];

  test.each(receipts)('draws receipts as published: $environment', (row) => {
    expectPublished(drawn(row.timing, 'receiptMs'), row);
  });

  test.each(replies)('draws replies as published: $environment', (row) => {
    expectPublished(drawn(row.timing, 'replyMs'), row);
  });

  test('answers 5 to 8 % of commands later than the latency objective of 1.5 s', () => {
    for (const timing of TIMING_PROFILES.captured) {
      const late = drawn(timing, 'replyMs').filter((ms) => ms > 1500).length / DRAWS;
      expect(late).toBeGreaterThan(0.05);
      expect(late).toBeLessThan(0.08);
    }
  });
});

describe('the lab timing profile', () => {
  test('replies well inside the objective of 0.8 s', () => {
    const draw = delaysOf('lab', seededRandom(3));
    const delays = Array.from({ length: DRAWS }, draw);
    expect(delays.filter(({ receiptMs, replyMs }) => receiptMs > 8 || replyMs > 40)).toEqual([]);
  });
});

describe('every timing profile', () => {
  const timings = TIMING_NAMES.flatMap((name) =>
    TIMING_PROFILES[name].map((timing) => [name, timing] as const),
  );

  test.each(timings)('never replies before the receipt: %s', (_name, timing) => {
    const random = seededRandom(4);
    const delays = Array.from({ length: DRAWS }, () => drawDelays(timing, random));
    expect(delays.filter(({ receiptMs, replyMs }) => replyMs < receiptMs)).toEqual([]);
    expect(delays.filter(({ statusMs }) => statusMs <= 0)).toEqual([]);
  });

  test.each(timings)('has rising quantiles from probability 0 to 1: %s', (_name, timing) => {
    for (const quantiles of [timing.receipt, timing.reply, timing.status]) {
      expect(quantiles[0]?.[0]).toBe(0);
      expect(quantiles.at(-1)?.[0]).toBe(1);
      for (let at = 1; at < quantiles.length; at += 1) {
        expect(quantiles[at]?.[0]).toBeGreaterThan(quantiles[at - 1]?.[0] ?? NaN);
        expect(quantiles[at]?.[1]).toBeGreaterThanOrEqual(quantiles[at - 1]?.[1] ?? NaN);
      }
    }
  });
});

describe('quantileAt', () => {
  const decades: Quantiles = [
    [0, 10],
    [0.5, 100],
    [1, 1000],
  ];

  test('gives the pairs themselves, and grows by even ratios between them', () => {
    expect([0, 0.5, 1].map((share) => quantileAt(decades, share))).toEqual([10, 100, 1000]);
    expect(quantileAt(decades, 0.25)).toBeCloseTo(31.62, 2);
    expect(quantileAt(decades, 0.75)).toBeCloseTo(316.2, 1);
  });
});
