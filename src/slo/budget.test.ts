import fc from 'fast-check';
import {
  budgetLeft,
  budgetPpmOf,
  burnRate,
  burnsFaster,
  eventsFor,
  eventsForClaim,
  isFactor,
  maxFactor,
  ratioOf,
  timeToExhaustionMs,
} from './budget';

const DAY_MS = 86_400_000;

const counts = fc
  .record({ all: fc.integer({ min: 1, max: 1e9 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ all, share }) => ({ all, bad: Math.floor(all * share) }));
/** Targets with up to four decimals, in the ppm that they mean. */
const target = fc.integer({ min: 1, max: 999_999 }).map((ppm) => ({ ppm, percent: ppm / 10_000 }));

describe('the budget of a target', () => {
  test.each([
    [99.9, 1_000],
    [99.99, 100],
    [99.5, 5_000],
    [99, 10_000],
    [95, 50_000],
    [99.9999, 1],
  ])('%d %% leaves %d in a million', (percent, ppm) => {
    expect(budgetPpmOf(percent)).toBe(ppm);
  });

  test.each([100, 0, -1, 100.1, 99.99999, NaN, Infinity])('%d %% is no target', (percent) => {
    expect(budgetPpmOf(percent)).toBeUndefined();
  });

  test('is exactly what the decimals say, for every target', () => {
    fc.assert(fc.property(target, ({ ppm, percent }) => budgetPpmOf(percent) === 1_000_000 - ppm));
  });
});

describe('the evidence that is wanted', () => {
  test.each([
    [50_000, 59],
    [10_000, 299],
    [5_000, 598],
    [1_000, 2_995],
    [500, 5_990],
  ])('to claim at most %d bad in a million is %d events without a failure', (ppm, events) => {
    expect(eventsForClaim(ppm)).toBe(events);
  });

  test.each([
    [1, 14.4, 1_000, 70],
    [2, 14.4, 1_000, 139],
    [3, 14.4, 1_000, 209],
    [3, 6, 1_000, 500],
    [3, 1, 1_000, 3_000],
    [3, 14.4, 10_000, 21],
    [3, 1, 10_000, 300],
  ])('for %d failures at factor %d and %d in a million is %d events', (failures, factor, ppm, events) => {
    expect(eventsFor(failures, factor, ppm)).toBe(events);
  });

  test('is the least number of events at which those failures would be no more than the threshold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 2_000 }),
        target,
        (bad, hundredths, { ppm }) => {
          const factor = hundredths / 100;
          const all = eventsFor(bad, factor, ppm);
          expect(burnsFaster({ bad, all }, factor, ppm)).toBe(false);
          expect(all === 1 || burnsFaster({ bad, all: all - 1 }, factor, ppm)).toBe(true);
        },
      ),
    );
  });
});

describe('a burn', () => {
  test('at the threshold is none, one failure above it is one', () => {
    expect(burnsFaster({ bad: 144, all: 10_000 }, 14.4, 1_000)).toBe(false);
    expect(burnsFaster({ bad: 145, all: 10_000 }, 14.4, 1_000)).toBe(true);
  });

  test('needs an event', () => {
    expect(burnsFaster({ bad: 0, all: 0 }, 1, 1_000)).toBe(false);
    expect(burnRate({ bad: 0, all: 0 }, 1_000)).toBeUndefined();
    expect(ratioOf({ bad: 0, all: 0 })).toBeUndefined();
  });

  test('can be at most every event bad', () => {
    fc.assert(
      fc.property(counts, target, ({ all }, { ppm }) => {
        expect(burnRate({ bad: all, all }, ppm)).toBeCloseTo(maxFactor(ppm), 9);
        expect(burnsFaster({ bad: all, all }, Math.ceil(maxFactor(ppm)) + 1, ppm)).toBe(false);
      }),
    );
  });

  test.each([
    [14.4, true],
    [0.01, true],
    [14.401, false],
    [0, false],
    [-1, false],
  ])('by the factor %d can be written down: %s', (factor, can) => {
    expect(isFactor(factor)).toBe(can);
  });
});

describe('what is left of a budget', () => {
  test.each([
    [0, 1_000, 1_000, 1],
    [1, 1_000, 1_000, 0],
    [2, 1_000, 1_000, -1],
    [3, 10_000, 1_000, 0.7],
    [7, 10_000, 1_000, 0.3],
  ])('after %d of %d bad, at %d in a million, is %d and not nearly so', (bad, all, ppm, left) => {
    expect(budgetLeft({ bad, all }, ppm)).toBe(left);
  });

  test('of no events is not known', () => {
    expect(budgetLeft({ bad: 0, all: 0 }, 1_000)).toBeUndefined();
  });

  test('is one at most, falls with every failure and is never a negative zero', () => {
    fc.assert(
      fc.property(counts, target, ({ bad, all }, { ppm }) => {
        const left = budgetLeft({ bad, all }, ppm) as number;
        expect(left).toBeLessThanOrEqual(1);
        expect(Object.is(left, -0)).toBe(false);
        expect(budgetLeft({ bad: bad + 1, all }, ppm)).toBeLessThanOrEqual(left);
      }),
    );
  });

  test('is negative exactly when the budget burns faster than it may', () => {
    fc.assert(
      fc.property(counts, target, (some, { ppm }) => {
        const left = budgetLeft(some, ppm) as number;
        // Nine decimals are shown: less than that is zero.
        if (Math.abs(left) > 1e-8) expect(left < 0).toBe(burnsFaster(some, 1, ppm));
      }),
    );
  });

  test('and the burn rate are two views of one thing', () => {
    fc.assert(
      fc.property(counts, target, (some, { ppm }) => {
        const [left, burn] = [budgetLeft(some, ppm) as number, burnRate(some, ppm) as number];
        expect(Math.abs(1 - burn - left)).toBeLessThanOrEqual(1e-9 * Math.max(1, burn));
      }),
    );
  });
});

describe('the time to exhaustion', () => {
  test('is the window divided by the burn, as far as budget is left', () => {
    expect(timeToExhaustionMs(1, 14.4, 30 * DAY_MS)).toBe(50 * 3_600_000);
    expect(timeToExhaustionMs(0.5, 6, 30 * DAY_MS)).toBe(2.5 * DAY_MS);
  });

  test('is none while nothing burns, and now when nothing is left', () => {
    expect(timeToExhaustionMs(1, 0, DAY_MS)).toBeUndefined();
    expect(timeToExhaustionMs(undefined, 1, DAY_MS)).toBeUndefined();
    expect(timeToExhaustionMs(-3, 2, DAY_MS)).toBe(0);
  });
});
