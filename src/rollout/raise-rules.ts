import type { Plan } from '../routing/plan';
import { refuse, type RolloutDecision, type Situation } from './decision';
import type { Automation, RolloutDocument } from './document';
import { isRaise, pinsMoved, shareMoved } from './exposure';
import { calendarFreezeAt } from './gates-of-time';
import { percent } from './sentences';

/** Devices that may be pinned to the new transport at once, unconfirmed, while nobody knows how large the fleet is. */
const UNKNOWN_FLEET_PINS = 10;

interface Asked {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly confirmed: boolean;
}

/**
 * What every raise passes, whatever it is that may move a device to the new transport: latch, freeze, calendar, size
 * of the step. Undefined when nothing is against it, or when it is no raise.
 */
export function objectionTo(situation: Situation, to: Plan, asked: Asked): RolloutDecision | undefined {
  if (!isRaise(situation.document.plan, to)) return undefined;
  return (
    standstill(situation.document) ??
    calendarObjection(situation, asked) ??
    sizeObjection(situation, to, asked)
  );
}

/** What keeps anybody from raising anything: a latch or a freeze. */
export function standstill(document: RolloutDocument): RolloutDecision | undefined {
  return latchObjection(document) ?? freezeObjection(document);
}

export function latchObjection(document: RolloutDocument): RolloutDecision | undefined {
  const { automation } = document;
  return automation.kind === 'latched'
    ? refuse('rollout.latched', latchedMessage(automation), { current: document })
    : undefined;
}

export function freezeObjection(document: RolloutDocument): RolloutDecision | undefined {
  const { freeze } = document;
  if (freeze === null) return undefined;
  const sentence = `frozen since ${freeze.since} by ${freeze.by} ("${freeze.reason}"); nothing is raised until somebody unfreezes it: pointsman unfreeze --reason "…"`;
  return refuse('rollout.frozen', sentence, { current: document });
}

function latchedMessage({ by, since, reason }: Extract<Automation, { kind: 'latched' }>): string {
  return `latched since ${since} by ${by} ("${reason}"); nothing is raised until somebody releases it: pointsman release --reason "…"`;
}

/** A freeze of the calendar ends by itself, and a person who must may go against it. */
function calendarObjection(
  { document, context }: Situation,
  { at, confirmed }: Asked,
): RolloutDecision | undefined {
  const freeze = confirmed ? undefined : calendarFreezeAt(context.ladder.freezes, Date.parse(at));
  if (freeze === undefined) return undefined;
  const until = new Date(freeze.toMs).toISOString();
  const sentence = `frozen by the ladder's calendar from ${new Date(freeze.fromMs).toISOString()} until ${until} ("${freeze.reason}"); wait, or confirm it ("confirm": true, command line: --yes)`;
  return refuse('rollout.frozen', sentence, { current: document, until });
}

function sizeObjection(
  { document, context }: Situation,
  to: Plan,
  asked: Asked,
): RolloutDecision | undefined {
  if (asked.confirmed) return undefined;
  const { maxStep } = context.policy;
  const from = document.plan;
  const [share, pins] = [shareMoved(from, to), pinsMoved(from, to)];
  if (context.devices === undefined && pins > UNKNOWN_FLEET_PINS) {
    const sentence = `${pins} pins may move ${pins} devices of a fleet of unknown size, more than ${UNKNOWN_FLEET_PINS} at once; ${HOW}`;
    return refuse('rollout.confirmation_required', sentence, { maxStep });
  }
  const moved = share + (pins === 0 ? 0 : (pins / Math.max(context.devices ?? Infinity, pins)) * 100);
  if (moved <= maxStep) return undefined;
  const sentence = `${steps(from, to)} may move ${percent(moved)} of the devices to the new transport, more than the ${percent(maxStep)} of one step; ${HOW}`;
  return refuse('rollout.confirmation_required', sentence, { maxStep });
}

const HOW = 'confirm it ("confirm": true, command line: --yes)';

function steps(from: Plan, to: Plan): string {
  const parts: string[] = [];
  if (from.percentage !== to.percentage) parts.push(`${from.percentage} % → ${to.percentage} %`);
  if (from.holdback !== to.holdback) parts.push(`holdback ${from.holdback} % → ${to.holdback} %`);
  const pins = pinsMoved(from, to);
  if (pins > 0) parts.push(`${pins} pins`);
  return parts.join(', ');
}
