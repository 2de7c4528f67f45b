// What others do, on the same raw counts of messages: the guard's test without its device records, a test at a fixed
// level over a sliding window, and a counter of failed checks.
import { built } from '../lib/product.mjs';

const { SequentialTest, rulesFor } = built('slo/guard/sequential-test');
const { emptyTally } = built('slo/guard/tally');

const WINDOW_MINUTES = 30;
/** One-sided, 1 %. */
const Z = 2.326;
const LEAST_SUCCESS = 0.995;
const STRIKES = 3;

/** The comparators of one run; each `look` takes one second of raw counts, and `trips` says when each rolled back. */
export function comparators(limits) {
  const trips = {};
  const raw = new SequentialTest(rulesFor([2, 4, 10], 20), limits);
  const minutes = [];
  let minute = newMinute();
  let strikes = 0;

  function endOfMinute(second) {
    minutes.push(minute);
    if (minutes.length > WINDOW_MINUTES) minutes.shift();
    if (slidingTest(minutes)) trips.sliding ??= second;
    if (minute.n1 > 0 && 1 - minute.x1 / minute.n1 < LEAST_SUCCESS) strikes += 1;
    if (strikes >= STRIKES) trips.counter ??= second;
    minute = newMinute();
  }

  return {
    trips,
    look(second, { n1, x1, n0, x0 }) {
      minute.n1 += n1;
      minute.x1 += x1;
      minute.n0 += n0;
      minute.x0 += x0;
      const tally = emptyTally();
      Object.assign(tally.new, { decided: n1, failed: x1 });
      Object.assign(tally.legacy, { decided: n0, failed: x0 });
      if (raw.look(second, tally)) trips.raw ??= second;
      if (second % 60 === 0) endOfMinute(second);
    },
    /** Strikes and trips from before the fault do not count; what the windows hold does. */
    faultBegins() {
      strikes = 0;
      for (const name of Object.keys(trips)) delete trips[name];
    },
  };
}

function newMinute() {
  return { n1: 0, x1: 0, n0: 0, x0: 0 };
}

/** Two proportions, pooled. */
function slidingTest(minutes) {
  const sum = newMinute();
  for (const minute of minutes) for (const key of Object.keys(sum)) sum[key] += minute[key];
  const { n1, x1, n0, x0 } = sum;
  if (n1 === 0 || n0 === 0 || x1 === 0) return false;
  const pooled = (x1 + x0) / (n1 + n0);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0));
  return spread > 0 && (x1 / n1 - x0 / n0) / spread > Z;
}
