import { approve, freeze, pause, recordDrill, release, resume, unfreeze } from './decide-automation';
import { setPins } from './decide-pins';
import { promote } from './decide-promote';
import { rollback } from './decide-rollback';
import { tick } from './decide-tick';
import { setHoldback, setMirror, setPercentage } from './decide-traffic';
import { refuse, type RolloutContext, type RolloutDecision, type Situation } from './decision';
import type { RolloutDocument } from './document';
import type { RolloutEvent } from './event';

/** What each event makes of a rollout, whatever its state. */
const TRANSITIONS: {
  readonly [K in RolloutEvent['kind']]: (
    situation: Situation,
    event: Extract<RolloutEvent, { kind: K }>,
  ) => RolloutDecision;
} = {
  rollback,
  tick,
  set_percentage: setPercentage,
  set_holdback: setHoldback,
  set_mirror: setMirror,
  set_pins: setPins,
  promote,
  approve,
  pause,
  resume,
  freeze,
  unfreeze,
  release,
  record_drill: recordDrill,
};

/** What an event makes of a rollout. Pure. */
export function decide(
  document: RolloutDocument,
  event: RolloutEvent,
  context: RolloutContext,
): RolloutDecision {
  const { expectedRevision } = event;
  if (expectedRevision !== undefined && expectedRevision !== document.plan.revision)
    return refuse('revision.mismatch', staleRevision(document, expectedRevision), { current: document });
  // Events come from files too, so a kind may be any text.
  if (!Object.hasOwn(TRANSITIONS, event.kind)) return refuse('input.invalid', `${event.kind} is not known`);
  // The table is keyed by the event's own kind, which the compiler cannot follow from a union.
  const transition = TRANSITIONS[event.kind] as (
    situation: Situation,
    event: RolloutEvent,
  ) => RolloutDecision;
  return transition({ document, context }, event);
}

function staleRevision({ plan }: RolloutDocument, expected: number): string {
  return `revision ${expected} is not current: ${plan.setBy} made revision ${plan.revision} (${plan.percentage} %) because "${plan.reason}"`;
}
