/** Steps in one percent: percentages have a precision of 0.001. */
const STEPS_PER_PERCENT = 1000;

/** What a percentage must be, in the words that refusals use. */
export const PERCENTAGE_RULE = 'a percentage is a JSON number from 0 to 100 with at most three decimals';

export function isPercentage(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 100) return false;
  // Division rounds correctly, so this is the very number that three decimals are read as, and no other.
  return percentageSteps(value) / STEPS_PER_PERCENT === value;
}

/** The percentage in whole steps of 0.001 %. */
export function percentageSteps(percentage: number): number {
  return Math.round(percentage * STEPS_PER_PERCENT);
}
