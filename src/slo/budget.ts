/**
 * Budgets as whole parts per million and burn factors as whole hundredths, so that 100 − 99.9 is 1000 and nothing
 * else. Counts are compared by multiplying whole numbers; only what is shown is divided.
 */
export const PPM = 1_000_000;
const HUNDREDTHS = 100;
const PERCENT_PPM = PPM / 100;

/** Confidence of a claim that rests on no failure at all. */
const CLAIM_RISK = 0.05;

/** What is shown of a share: nine decimals, and nothing that is smaller than the last of them. */
const SHOWN = 1e9;

export interface Counts {
  readonly bad: number;
  readonly all: number;
}

/** The budget of a target such as 99.9; undefined when it has more than four decimals or leaves nothing to lose. */
export function budgetPpmOf(targetPercent: number): number | undefined {
  const targetPpm = Math.round(targetPercent * PERCENT_PPM);
  if (targetPpm / PERCENT_PPM !== targetPercent || targetPpm <= 0 || targetPpm >= PPM) return undefined;
  return PPM - targetPpm;
}

/** Whether a burn factor has at most two decimals. */
export function isFactor(factor: number): boolean {
  return factor > 0 && Math.round(factor * HUNDREDTHS) / HUNDREDTHS === factor;
}

function hundredths(factor: number): number {
  return Math.round(factor * HUNDREDTHS);
}

/** A burn above this can never be seen: then more than every event would have to be bad. */
export function maxFactor(budgetPpm: number): number {
  return PPM / budgetPpm;
}

/** Whether the share of bad events is above `factor` times the budget. False without any event. */
export function burnsFaster({ bad, all }: Counts, factor: number, budgetPpm: number): boolean {
  return bad * PPM * HUNDREDTHS > hundredths(factor) * budgetPpm * all;
}

/** Events that must have been seen before `failures` of them mean a burn of that factor. */
export function eventsFor(failures: number, factor: number, budgetPpm: number): number {
  return Math.ceil((failures * PPM * HUNDREDTHS) / (hundredths(factor) * budgetPpm));
}

/** Events without any failure that show, with 95 % confidence, that the target is met: 2,995 for 99.9 %. */
export function eventsForClaim(budgetPpm: number): number {
  return Math.ceil(Math.log(CLAIM_RISK) / Math.log1p(-budgetPpm / PPM));
}

/** Bad of all events, 0…1; undefined without any. */
export function ratioOf({ bad, all }: Counts): number | undefined {
  return all > 0 ? bad / all : undefined;
}

/** How many times faster than allowed the budget goes; undefined without any event. */
export function burnRate({ bad, all }: Counts, budgetPpm: number): number | undefined {
  return all > 0 ? (bad * PPM) / (budgetPpm * all) : undefined;
}

/** Share of the budget of the events so far that is left: 1 untouched, negative overspent; undefined without any event. */
export function budgetLeft({ bad, all }: Counts, budgetPpm: number): number | undefined {
  if (all <= 0) return undefined;
  const allowed = budgetPpm * all;
  return shown((allowed - bad * PPM) / allowed);
}

/**
 * Milliseconds until the budget is gone at the present burn; undefined while nothing burns or nothing is known.
 * Pessimistic: errors also leave a window at its far end.
 */
export function timeToExhaustionMs(
  left: number | undefined,
  burn: number | undefined,
  windowMs: number,
): number | undefined {
  if (left === undefined || burn === undefined || burn <= 0) return undefined;
  return Math.max(0, (left * windowMs) / burn);
}

/** A share as it is shown: without the dirt of binary fractions, and never −0. */
export function shown(share: number): number {
  return Math.round(share * SHOWN) / SHOWN + 0;
}
