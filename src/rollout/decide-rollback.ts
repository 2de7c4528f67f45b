import type { Plan } from '../routing/plan';
import { change, dropped, unchanged, type RolloutDecision, type Situation } from './decision';
import { isLatched, type Automation } from './document';
import type { RolloutEvent } from './event';
import { shareMoved } from './exposure';
import { rungOf, type Stage } from './ladder';
import { startingOver } from './position';

type Rollback = Extract<RolloutEvent, { kind: 'rollback' }>;

/**
 * Idempotent in state: a second rollback finds nothing to do, so a repeated webhook cannot bump the generation. Acts
 * first, whatever the store says.
 */
export function rollback(situation: Situation, event: Rollback): RolloutDecision {
  const { document } = situation;
  const { plan } = document;
  const { generation, evidence } = event;
  if (generation !== undefined && generation !== plan.generation) {
    const why = `it is about generation ${generation}, this is generation ${plan.generation}`;
    return dropped(situation, why, { event, action: 'rollback', evidence });
  }
  // A person who asks twice for one step back means one; only evidence of the new generation asks for another.
  if (isLatched(document) && event.to === 'previous_stage' && generation === undefined)
    return unchanged(`stepped back to ${plan.percentage} % in generation ${plan.generation} already`);
  const { stage, traffic } = targetOf(situation, event.to);
  if (isLatched(document) && traffic.percentage >= plan.percentage && traffic.holdback <= plan.holdback)
    return unchanged(`already at ${plan.percentage} % in generation ${plan.generation}`);
  const automation: Automation = { kind: 'latched', since: event.at, by: event.by, reason: event.reason };
  const position = startingOver(document.position, stage, event.at);
  return change(
    situation,
    { plan: { ...traffic, generation: plan.generation + 1 }, automation, position },
    { event, action: 'rollback', evidence, handOver: true, actFirst: true },
  );
}

interface Target {
  readonly stage: Stage;
  readonly traffic: Pick<Plan, 'percentage' | 'holdback'>;
}

/** Where a rollback leads: the nearest stage below that puts fewer devices on the new transport, or 0 %. */
function targetOf({ document, context }: Situation, to: Rollback['to']): Target {
  const { plan, position } = document;
  const { stages } = context.ladder;
  const present = rungOf(context.ladder, position, plan.percentage);
  const below = to === 'zero' ? [] : stages.slice(1, present.index).reverse();
  for (const stage of below) {
    const traffic = trafficOf(plan, present.stage, stage);
    if (shareMoved({ ...plan, ...traffic }, plan) > 0) return { stage, traffic };
  }
  const [first] = stages;
  return { stage: first, traffic: { ...trafficOf(plan, present.stage, first), percentage: 0 } };
}

/** Never above what is there. A holdback that the ladder has released on the way comes back. */
function trafficOf(plan: Plan, from: Stage, to: Stage): Target['traffic'] {
  const { percentage, holdback } = plan;
  return {
    percentage: Math.min(percentage, to.percentage),
    holdback: from.holdback === to.holdback ? holdback : Math.max(holdback, to.holdback),
  };
}
