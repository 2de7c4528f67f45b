import type { GuardRates } from '../verdict';

/** What the guard must know of the plan in effect. */
export interface GuardedPlan {
  readonly generation: number;
  readonly revision: number;
  readonly percentage: number;
  readonly holdback: number;
  /** Replaced when it changes, never modified. */
  readonly pins: unknown;
  /** Measured before the first device moved; null when never. */
  readonly rates: GuardRates | null;
}

/** Share of the devices on new, 0…1: known before the first command. */
export function shareOf({ percentage, holdback }: GuardedPlan): number {
  return (percentage / 100) * (1 - holdback / 100);
}

/** Whether each device is served by the same path under both. */
export function movesNobody(one: GuardedPlan, other: GuardedPlan): boolean {
  return one.percentage === other.percentage && one.holdback === other.holdback && one.pins === other.pins;
}
