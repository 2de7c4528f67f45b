// What is simulated: the cells of each table, and the runs of each cell.
import { seedOf } from './chance.mjs';

/** Runs of each cell. `quick` is what the tests run; `long` takes hours. */
export const SIZES = {
  quick: {
    healthy: 1,
    hours: 12,
    darkHours: 12,
    moreFailures: 5,
    totalFailure: 5,
    newlyBroken: 2,
    small: true,
  },
  normal: { healthy: 3, hours: 72, darkHours: 24, moreFailures: 100, totalFailure: 100, newlyBroken: 20 },
  long: { healthy: 40, hours: 72, darkHours: 24, moreFailures: 200, totalFailure: 200, newlyBroken: 40 },
};

const SHARES = [0.1, 0.5, 0.95];
const FLEETS = [1_000, 10_000, 100_000];
const RATES = [10, 100, 1_000];
const BROKEN = [0, 0.001, 0.005, 0.02];
const RATIOS = [2, 3, 10];
const FRACTIONS = [0.005, 0.01, 0.03];
const MAX_HOURS = 12;
const HALF = 0.5;

/** @param {keyof typeof SIZES} size */
export function sections(size, seed) {
  const { healthy, hours, darkHours, small = false, ...runs } = SIZES[size];
  const pick = (values, kept) => (small ? values.filter((value) => kept.includes(value)) : values);
  const fleets = pick(FLEETS, [1_000, 10_000]);
  const rates = pick(RATES, [10, 100]);
  const cells = (kind, count, abouts) => ({
    kind,
    cells: abouts.map((about) => cell(kind, count, about, seed)),
  });
  return [
    cells(
      'healthy',
      healthy,
      product({
        broken: BROKEN,
        fleet: fleets,
        rate: rates,
        share: SHARES,
        hours: [hours],
        darkHours: [darkHours],
      }),
    ),
    cells(
      'moreFailures',
      runs.moreFailures,
      product({ share: SHARES, newRate: rates, ratio: pick(RATIOS, [10]), maxHours: [MAX_HOURS] }),
    ),
    cells(
      'totalFailure',
      runs.totalFailure,
      product({ failing: [1, HALF], share: SHARES, newRate: pick(RATES, [100]), maxSeconds: [300] }),
    ),
    cells(
      'newlyBroken',
      runs.newlyBroken,
      product({ fleet: fleets, rate: pick(RATES, [100]), share: SHARES, fraction: FRACTIONS, maxHours: [2] }),
    ),
  ];
}

function cell(kind, count, about, seed) {
  const name = JSON.stringify(about);
  return {
    about,
    runs: Array.from({ length: count }, (_, run) => ({ ...about, seed: seedOf(seed, kind, name, run) })),
  };
}

/** Every combination, the last key changing fastest. */
function product(lists) {
  return Object.entries(lists).reduce(
    (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
    [{}],
  );
}
