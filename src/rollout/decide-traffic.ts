import { isPercentage, PERCENTAGE_RULE } from '../kernel/percentage';
import type { Plan } from '../routing/plan';
import { change, refuse, unchanged, type RolloutDecision, type Situation } from './decision';
import type { Automation, Position, RolloutDocument } from './document';
import type { RolloutEvent, Wish } from './event';
import { rungFor, rungOf, type Ladder } from './ladder';
import { entering } from './position';
import { objectionTo } from './raise-rules';

type Event<K extends RolloutEvent['kind']> = Extract<RolloutEvent, { kind: K }>;

export function setPercentage(situation: Situation, event: Event<'set_percentage'>): RolloutDecision {
  const { plan } = situation.document;
  if (!isPercentage(event.percentage)) return noPercentage();
  if (event.percentage === plan.percentage) return unchanged(`already at ${plan.percentage} %`);
  return byHand(situation, event, { percentage: event.percentage });
}

export function setHoldback(situation: Situation, event: Event<'set_holdback'>): RolloutDecision {
  const { plan } = situation.document;
  if (!isPercentage(event.holdback)) return noPercentage();
  if (event.holdback === plan.holdback) return unchanged(`the holdback is ${plan.holdback} % already`);
  return byHand(situation, event, { holdback: event.holdback });
}

/** The mirror moves no device, so nothing forbids it; switching it off or down acts first. */
export function setMirror(situation: Situation, event: Event<'set_mirror'>): RolloutDecision {
  const { mirror } = situation.document.plan;
  const { on, percentage } = event;
  if (!isPercentage(percentage)) return noPercentage();
  if (mirror.on === on && mirror.percentage === percentage)
    return unchanged(`the mirror is ${on ? `on, for ${percentage} % of the devices` : 'off'} already`);
  const shadowed = (is: Plan['mirror']): number => (is.on ? is.percentage : 0);
  const plan = { mirror: { on, percentage } };
  const actFirst = shadowed(plan.mirror) < shadowed(mirror);
  return change(situation, { plan }, { event, action: 'set_mirror', actFirst });
}

function noPercentage(): RolloutDecision {
  return refuse('percentage.invalid', PERCENTAGE_RULE);
}

/** A hand on the traffic takes it out of the automation's hands: the two would only fight. */
function byHand(
  situation: Situation,
  event: Event<'set_percentage'> | Event<'set_holdback'>,
  plan: Partial<Plan>,
): RolloutDecision {
  const { document, context } = situation;
  const to = { ...document.plan, ...plan };
  const objection = objectionTo(situation, to, event);
  if (objection) return objection;
  const position = positionFor(document, context.ladder, { percentage: to.percentage, at: event.at });
  const automation = handedOver(document.automation, event);
  return change(situation, { plan, automation, position }, { event, action: event.kind });
}

/** The stage that a percentage set by hand belongs to; within one stage its clock goes on. */
function positionFor(
  { plan, position }: RolloutDocument,
  ladder: Ladder,
  { percentage, at }: { percentage: number; at: string },
): Position {
  const present = rungOf(ladder, position, plan.percentage);
  const fitting = rungFor(ladder, percentage);
  const stays = present.stage.percentage === fitting.stage.percentage;
  if (stays && present.stage.name === position.stage) return position;
  return entering(position, stays ? present.stage : fitting.stage, at);
}

function handedOver(automation: Automation, { at, by, reason }: Wish): Automation {
  if (automation.kind !== 'armed') return automation;
  return { kind: 'paused', since: at, by, reason: `set by hand: ${reason}` };
}
