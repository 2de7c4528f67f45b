import { seededRandom } from '../kernel/random';
import { quantileAt, type Quantiles } from './quantiles';
import { delaysOf, drawDelays, TIMING_NAMES, TIMING_PROFILES, type AnswerTiming } from './timing';

const DRAWS = 100_000;
/** At p99 of 100,000 draws the sample's own scatter is 1 to 3 %. */
const TOLERANCE = 0.05;
/** Shares that the draws are compared at: p50, p90, p95, p99. */
const SHARES = [0.5, 0.9, 0.95, 0.99];
const [CLOUD, STRIP, IDLE] = TIMING_PROFILES.captured as readonly [AnswerTiming, AnswerTiming, AnswerTiming];

function drawn(timing: AnswerTiming, what: 'receiptMs' | 'replyMs'): number[] {
  const random = seededRandom(2026);
  return Array.from({ length: DRAWS }, () => drawDelays(timing, random)[what]).sort((a, b) => a - b);
}

function sampleQuantiles(sorted: readonly number[]): number[] {
  return SHARES.map((share) => sorted[Math.floor(share * sorted.length)] as number);
}

function expectClose(actual: readonly number[], published: readonly number[]): void {
  actual.forEach((value, index) => {
    const wanted = published[index] as number;
    expect(value).toBeGreaterThan(wanted * (1 - TOLERANCE));
    expect(value).toBeLessThan(wanted * (1 + TOLERANCE));
  });
}

describe('the captured timing profile', () => {
  test.each([
    ['vendor cloud', CLOUD, [65.6, 312, 530, 2266], 4813, 0.31],
    ['LED-strip bursts', STRIP, [107, 1073, 1603, 1765], 2352, 0.46],
    ['local and idle', IDLE, [93, 300, 341, 751], 904, 0.375],
  ])('draws receipts as published: %s', (_name, timing, published, max, over127) => {
    const sorted = drawn(timing, 'receiptMs');
    expectClose(sampleQuantiles(sorted), published);
    expect(sorted.at(-1)).toBeLessThanOrEqual(max);
    expect(sorted.filter((ms) => ms > 127.5).length / DRAWS).toBeCloseTo(over127, 2);
  });

  test.each([
    ['vendor cloud', CLOUD, [291, 1293, 1635, 4814], 4814, 0.706],
    ['local and idle', IDLE, [328, 1186, 1552, 2281], 2576, 0.675],
  ])('draws replies as published: %s', (_name, timing, published, max, over127) => {
    const sorted = drawn(timing, 'replyMs');
    expectClose(sampleQuantiles(sorted), published);
    expect(sorted.at(-1)).toBeLessThanOrEqual(max);
    expect(sorted.filter((ms) => ms > 127.5).length / DRAWS).toBeCloseTo(over127, 2);
  });

  test('answers 6 to 8 % of commands later than the latency objective of 1.5 s', () => {
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
        expect(quantiles[at]?.[0]).toBeGreaterThan(quantiles[at - 1]?.[0] as number);
        expect(quantiles[at]?.[1]).toBeGreaterThanOrEqual(quantiles[at - 1]?.[1] as number);
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
