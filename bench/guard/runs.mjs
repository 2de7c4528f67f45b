// One run of each kind; what it returns is small and goes from worker to main thread.
import { built } from '../lib/product.mjs';
import { chance } from './chance.mjs';
import { comparators } from './comparators.mjs';
import { FleetModel } from './fleet-model.mjs';

const { SequentialTest, rulesFor } = built('slo/guard/sequential-test');
const { limitsOf } = built('slo/guard/limits');
const { BaseRates } = built('slo/guard/base-rates');
const { emptyTally } = built('slo/guard/tally');
export { totalFailure } from './total-failure.mjs';

const HOUR = 3_600;
const P0 = 0.001;
const RULES = rulesFor([2, 4, 10], 20);
/** The reply that does not come is awaited for so long. */
const OVERDUE_S = 1.5;
const HALF_AN_HOUR = 1_800;

const limits = (share, rates) => limitsOf({ falseAlarmDays: 100, rules: 5, deciders: 1, share, rates });

/** Hours of a healthy canary: what rolled back, and which rule of the guard. */
export function healthy({ fleet, share, rate, broken, hours, darkHours, seed }) {
  const random = chance(seed);
  const model = new FleetModel({ fleet, rate, p0: P0, swing: true, breakagesPerDay: 0.001 }, random);
  const brokenCount = Math.round(fleet * broken);
  for (let one = 0; one < brokenCount; one += 1)
    model.breakDevice(random.below(fleet), one % 2 === 0 ? 'stays' : 'flaps');
  const base = new BaseRates();
  let rawBad = 0;
  const dark = darkHours * HOUR;
  for (let t = 1; t <= dark; t += 1) {
    const { tally, raw } = model.second(t);
    base.add(tally, t * 1000);
    rawBad += raw.x0;
  }
  model.useShare(share);
  const test = new SequentialTest(RULES, limits(share, base.rates ?? null), dark);
  const others = comparators(limits(share, { firstFailures: rawBad / dark, breakages: 0 }));
  let guard;
  for (let t = dark + 1; t <= dark + hours * HOUR; t += 1) {
    const { tally, raw } = model.second(t);
    const reading = test.look(t, tally);
    if (!guard && model.ran) guard = 'run';
    if (!guard && reading) guard = reading.rule.name;
    others.look(t, raw);
  }
  const { raw, sliding, counter } = others.trips;
  return {
    guard: guard ?? null,
    raw: raw !== undefined,
    sliding: sliding !== undefined,
    counter: counter !== undefined,
  };
}

/** New fails `ratio` times as often from one moment on: seconds until each method rolls back, null for not in time. */
export function moreFailures({ newRate, share, ratio, maxHours, seed }) {
  const random = chance(seed);
  const legacyRate = (newRate * (1 - share)) / share;
  const bound = limits(share, { firstFailures: (newRate + legacyRate) * P0, breakages: 0 });
  const test = new SequentialTest(RULES, bound);
  const others = comparators(bound);
  const begins = random.next();
  const end = HALF_AN_HOUR + maxHours * HOUR;
  const delays = {};
  for (let t = 1; t <= end && Object.keys(delays).length < 4; t += 1) {
    if (t === HALF_AN_HOUR) others.faultBegins();
    const worse = t < HALF_AN_HOUR ? 0 : t === HALF_AN_HOUR ? 1 - begins : 1;
    const x1 = random.poisson(newRate * P0 * (1 + (ratio - 1) * worse));
    const x0 = random.poisson(legacyRate * P0);
    const raw = { n1: random.poisson(newRate * (1 - P0)) + x1, x1, n0: random.poisson(legacyRate) + x0, x0 };
    const tally = emptyTally();
    Object.assign(tally.new, { decided: raw.n1, failed: x1 });
    Object.assign(tally.legacy, { decided: raw.n0, failed: x0 });
    if (test.look(t, tally) && t >= HALF_AN_HOUR) note(delays, 'guard', t);
    others.look(t, raw);
    for (const [name, at] of Object.entries(others.trips)) if (t >= HALF_AN_HOUR) note(delays, name, at);
  }
  const delayOf = (name) =>
    delays[name] === undefined ? null : delays[name] - (HALF_AN_HOUR - 1 + begins) + OVERDUE_S;
  return {
    guard: delayOf('guard'),
    raw: delayOf('raw'),
    sliding: delayOf('sliding'),
    counter: delayOf('counter'),
  };
}

/** A share of the moved devices breaks for good at one moment: seconds until the guard rolls back, and the rule. */
export function newlyBroken({ fleet, share, rate, fraction, maxHours, seed }) {
  const random = chance(seed);
  const breakagesPerDay = 0.001;
  const model = new FleetModel({ fleet, rate, p0: P0, swing: false, breakagesPerDay }, random);
  model.useShare(share);
  const rates = { firstFailures: rate * P0, breakages: (fleet * breakagesPerDay) / 86_400 };
  const test = new SequentialTest(RULES, limits(share, rates));
  const moved = Math.round(share * fleet);
  for (let t = 1; t <= HALF_AN_HOUR + maxHours * HOUR; t += 1) {
    if (t === HALF_AN_HOUR)
      for (const device of some(moved, Math.max(1, Math.round(moved * fraction)), random))
        model.breakDevice(device, 'stays');
    const { tally } = model.second(t);
    const reading = test.look(t, tally);
    if (t < HALF_AN_HOUR) model.ran = false;
    else if (reading || model.ran)
      return { delay: t - HALF_AN_HOUR + OVERDUE_S, rule: model.ran ? 'run' : reading.rule.name };
  }
  return { delay: null, rule: null };
}

function note(delays, name, at) {
  delays[name] ??= at;
}

function some(below, count, random) {
  const chosen = new Set();
  while (chosen.size < count) chosen.add(random.below(below));
  return chosen;
}
