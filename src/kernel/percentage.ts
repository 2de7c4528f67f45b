/** Steps in one percent: percentages have a precision of 0.001. */
export const STEPS_PER_PERCENT = 1000;

/** What a percentage must be, in the words that refusals use. */
export const PERCENTAGE_RULE = 'a percentage is a JSON number from 0 to 100 with at most three decimals';

/** Tolerates the binary dirt of numbers such as 33.333, nothing that a person could have written. */
const ROUNDING_SLACK = 1e-7;

export function isPercentage(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 100) return false;
  const steps = value * STEPS_PER_PERCENT;
  return Math.abs(steps - Math.round(steps)) < ROUNDING_SLACK;
}

/** The percentage in whole steps of 0.001 %. */
export function percentageSteps(percentage: number): number {
  return Math.round(percentage * STEPS_PER_PERCENT);
}
