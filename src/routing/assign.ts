import type { TransportName } from '../kernel/words';
import { percentageSteps } from '../kernel/percentage';
import type { Plan } from './plan';

/** Which rule decided. */
export type DecisionReason =
  'pinned_legacy' | 'pinned_new' | 'holdback' | 'in_percentage' | 'above_percentage';

export interface Decision {
  readonly transport: TransportName;
  readonly reason: DecisionReason;
}

/** Where a device falls, by the salt of the cohort and by that of the holdback. Both 0…99999. */
export interface Buckets {
  readonly cohort: number;
  readonly holdback: number;
}

/** The holdback is drawn independently of the cohort, or it would always take the same end of it. */
export function holdbackSalt(plan: Plan): string {
  return `${plan.salt}/holdback`;
}

const PINNED_LEGACY: Decision = { transport: 'legacy', reason: 'pinned_legacy' };
const PINNED_NEW: Decision = { transport: 'new', reason: 'pinned_new' };
const HOLDBACK: Decision = { transport: 'legacy', reason: 'holdback' };
const IN_PERCENTAGE: Decision = { transport: 'new', reason: 'in_percentage' };
const ABOVE_PERCENTAGE: Decision = { transport: 'legacy', reason: 'above_percentage' };

/**
 * The transport of a device under a plan, given the plan's pin of it; the first rule that hits decides. Because the
 * bucket does not depend on the percentage, cohorts are nested: a raise moves no device back and a lowering moves none
 * forward.
 */
export function assign(
  pin: TransportName | undefined,
  buckets: Buckets,
  routed: { plan: Plan; latched: boolean },
): Decision {
  const { plan, latched } = routed;
  if (pin === 'legacy') return PINNED_LEGACY;
  if (pin === 'new' && !latched) return PINNED_NEW;
  if (buckets.holdback < percentageSteps(plan.holdback)) return HOLDBACK;
  return buckets.cohort < percentageSteps(plan.percentage) ? IN_PERCENTAGE : ABOVE_PERCENTAGE;
}
