import { safePlan, type Plan } from '../routing/plan';
import { shareMoved } from './exposure';
import type { Ladder, Stage } from './ladder';
import type { LadderFault } from './ladder-order';
import { percent } from './sentences';

/** Steps that the automation may not take by itself: an armed rollout would wait there for ever. */
export function stepFaults({ stages }: Ladder, maxStep: number): LadderFault[] {
  return stages.slice(1).flatMap((stage, below) => {
    const from = stages[below];
    if (from === undefined) return [];
    const moved = shareMoved(trafficOf(from), trafficOf(stage));
    if (moved <= maxStep) return [];
    const sentence = `from ${from.name} to ${stage.name} ${percent(moved)} of the devices move, more than the ${percent(maxStep)} that rollout.maxStep allows without a person's confirmation`;
    return [{ rule: 'step-above-max', where: `stages.${below + 1}.percentage`, sentence }];
  });
}

/** Share of the devices that a stage puts on the new transport, 0…1. */
export function shareOfFleet({ percentage, holdback }: Stage): number {
  return (percentage / 100) * (1 - holdback / 100);
}

function trafficOf({ percentage, holdback }: Stage): Plan {
  const plan = safePlan({ salt: 'any', holdback, setBy: '', reason: '', setAt: '' });
  return { ...plan, percentage };
}
