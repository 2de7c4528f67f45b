import { isLatched } from './document';
import type { Rollout } from './rollout';

const MS = 1000;

/** What gauges show of the plan in effect. */
export function planReadings(rollout: Pick<Rollout, 'document'>) {
  return {
    percentage: () => rollout.document.plan.percentage,
    holdback: () => rollout.document.plan.holdback,
    revision: () => rollout.document.plan.revision,
    generation: () => rollout.document.plan.generation,
    latched: () => Number(isLatched(rollout.document)),
  };
}

/** What gauges show of how the store is, and of how well it and this process agree. */
export function storeReadings(rollout: Pick<Rollout, 'store'>) {
  return {
    storeUp: () => Number(rollout.store.up),
    planAge: () => (rollout.store.ageMs === undefined ? NaN : rollout.store.ageMs / MS),
    planRefused: () => Number(rollout.store.refused !== undefined),
    planUnstored: () => rollout.store.waiting,
  };
}
