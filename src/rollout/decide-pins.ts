import { change, refuse, unchanged, type RolloutDecision, type Situation } from './decision';
import type { RolloutEvent } from './event';
import type { Plan } from '../routing/plan';
import { objectionTo } from './raise-rules';

/** Pins are merged into those that are there: two people who pin different devices do not undo each other. */
export function setPins(
  situation: Situation,
  event: Extract<RolloutEvent, { kind: 'set_pins' }>,
): RolloutDecision {
  const { document, context } = situation;
  const pins = merged(document.plan.pins, event.pins);
  if (same(document.plan.pins, pins)) return unchanged('these pins are as they were asked for already');
  const { maxPins } = context.policy;
  const held = Object.keys(pins).length;
  if (held > maxPins && held > Object.keys(document.plan.pins).length)
    return refuse(
      'input.invalid',
      `${held} pins are more than the ${maxPins} that rollout.maxPins allows; move many devices by the percentage`,
    );
  const objection = objectionTo(situation, { ...document.plan, pins }, event);
  if (objection) return objection;
  return change(situation, { plan: { pins } }, { event, action: 'set_pins', evidence: { pins: event.pins } });
}

function merged(
  pins: Plan['pins'],
  wanted: Extract<RolloutEvent, { kind: 'set_pins' }>['pins'],
): Plan['pins'] {
  const all = { ...pins, ...wanted };
  return Object.fromEntries(Object.entries(all).filter(([, pin]) => pin !== null)) as Plan['pins'];
}

function same(one: Plan['pins'], other: Plan['pins']): boolean {
  const ids = Object.keys(one);
  return ids.length === Object.keys(other).length && ids.every((id) => one[id] === other[id]);
}
