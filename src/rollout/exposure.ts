import { percentageSteps } from '../kernel/percentage';
import type { Plan } from '../routing/plan';
import { isLatched, type RolloutDocument } from './document';

/** Steps of a whole, squared: a share of the percentage that a holdback leaves over, without binary dirt. */
const WHOLE_STEPS = 100_000;

/** `raised`: some device may go to the new transport by it. `lowered`: none may, and some may leave it. */
export type Exposure = 'raised' | 'lowered' | 'same';

/** What a change means for the devices. One that lowers some and raises others counts as raised. */
export function compareExposure(before: RolloutDocument, after: RolloutDocument): Exposure {
  if (mayMove(before, after)) return 'raised';
  return mayMove(after, before) ? 'lowered' : 'same';
}

/** Percent of the devices that the percentage and the holdback newly give to the new transport. */
export function shareMoved(before: Plan, after: Plan): number {
  const [was, is] = [percentageSteps(before.percentage), percentageSteps(after.percentage)];
  const [kept, keeps] = [percentageSteps(before.holdback), percentageSteps(after.holdback)];
  // Cohort and holdback are drawn independently of each other. Who was on new and still is has not moved.
  const stay = before.salt === after.salt ? Math.min(was, is) * (WHOLE_STEPS - Math.max(kept, keeps)) : 0;
  return (is * (WHOLE_STEPS - keeps) - stay) / WHOLE_STEPS / 1000;
}

/** Devices that a change of pins may move to the new transport. */
export function pinsMoved(before: Plan, after: Plan): number {
  const ids = new Set([...Object.keys(before.pins), ...Object.keys(after.pins)]);
  return [...ids].filter((id) => rank(after.pins[id]) > rank(before.pins[id])).length;
}

/**
 * Whatever can move a device to the new transport; also what moves none just now, such as a percentage under a
 * holdback of everybody: the next change would find it there.
 */
export function isRaise(before: Plan, after: Plan): boolean {
  return (
    after.percentage > before.percentage ||
    after.holdback < before.holdback ||
    shareMoved(before, after) > 0 ||
    pinsMoved(before, after) > 0
  );
}

function mayMove(before: RolloutDocument, after: RolloutDocument): boolean {
  if (isRaise(before.plan, after.plan)) return true;
  // Pins to new are suspended while latched.
  return isLatched(before) && !isLatched(after) && Object.values(after.plan.pins).includes('new');
}

/** A pin to legacy keeps a device back more than none does, and one to new less. */
function rank(pin: Plan['pins'][string] | undefined): number {
  if (pin === 'legacy') return 0;
  return pin === undefined ? 1 : 2;
}
