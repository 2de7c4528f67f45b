import {
  change,
  dropped,
  refuse,
  unchanged,
  type Changes,
  type RolloutDecision,
  type Situation,
} from './decision';
import { isLatched, type Position } from './document';
import type { RolloutEvent, Wish } from './event';
import { rungFor, rungOf } from './ladder';
import { APPROVALS_KEPT, entering, startingOver } from './position';
import { freezeObjection, latchObjection } from './raise-rules';
import { utcDay } from './sentences';

type Event<K extends RolloutEvent['kind']> = Extract<RolloutEvent, { kind: K }>;

/**
 * Stops the automation, not the traffic, and acts first: a store that is away must not keep the machine going. A
 * critical one also begins the clock of the stage again, where it says so.
 */
export function pause(situation: Situation, event: Event<'pause'>): RolloutDecision {
  const { document } = situation;
  const { automation, plan } = document;
  const { generation, critical } = event;
  // Whoever reads the history later must be able to tell it from one that only waits.
  const evidence = critical ? { ...event.evidence, critical } : event.evidence;
  if (generation !== undefined && generation !== plan.generation) {
    const why = `it is about generation ${generation}, this is generation ${plan.generation}`;
    return dropped(situation, why, { event, action: 'pause', evidence });
  }
  const clock = critical ? clockAgain(situation, event) : undefined;
  if (automation.kind === 'latched') return unchanged(`latched since ${automation.since}, which is stronger`);
  if (automation.kind === 'paused') {
    if (clock === undefined) return unchanged(`paused since ${automation.since} by ${automation.by}`);
    return change(situation, { position: clock }, { event, action: 'clock_reset', evidence });
  }
  const changes: Changes = { automation: { kind: 'paused', ...stampOf(event) } };
  return change(situation, clock === undefined ? changes : { ...changes, position: clock }, {
    event,
    action: 'pause',
    evidence,
    actFirst: true,
  });
}

/** Once a day at most: what is demanded at every tick must not write at every tick. */
function clockAgain({ document, context }: Situation, { at, reason }: Wish): Position | undefined {
  const { position, plan } = document;
  const { stage } = rungOf(context.ladder, position, plan.percentage);
  const last = position.clockReset;
  if (!stage.resets.criticalPause) return undefined;
  if (last !== null && last.at.slice(0, 10) >= utcDay(Date.parse(at))) return undefined;
  return { ...position, clockReset: { at, why: reason } };
}

/**
 * Gives the ladder the hand. From `manual` the mirror of the stage is put in place, which moves no device; the
 * percentage stays.
 */
export function resume(situation: Situation, event: Event<'resume'>): RolloutDecision {
  const { document, context } = situation;
  const { automation, plan, position } = document;
  const objection = latchObjection(document);
  if (objection) return objection;
  if (automation.kind === 'armed') return unchanged('the automation is armed already');
  const { stage } = rungOf(context.ladder, position, plan.percentage);
  const mirror =
    automation.kind === 'manual' && !plan.mirror.on && stage.mirror > 0
      ? { plan: { mirror: { on: true, percentage: stage.mirror } } }
      : {};
  const place = position.stage === stage.name ? {} : { position: entering(position, stage, event.at) };
  return change(
    situation,
    { ...mirror, ...place, automation: { kind: 'armed' } },
    { event, action: 'resume' },
  );
}

/** Acts first, like whatever stops something. */
export function freeze(situation: Situation, event: Event<'freeze'>): RolloutDecision {
  const { freeze: frozen } = situation.document;
  if (frozen !== null) return unchanged(`frozen since ${frozen.since} by ${frozen.by} ("${frozen.reason}")`);
  return change(situation, { freeze: stampOf(event) }, { event, action: 'freeze', actFirst: true });
}

export function unfreeze(situation: Situation, event: Event<'unfreeze'>): RolloutDecision {
  if (situation.document.freeze === null) return unchanged('not frozen');
  return change(situation, { freeze: null }, { event, action: 'unfreeze' });
}

/**
 * Opens the latch and a new generation, in which evidence starts at zero. It brings back the pins to new that the
 * latch has suspended, so it waits for a freeze to end when there are any.
 */
export function release(situation: Situation, event: Event<'release'>): RolloutDecision {
  const { document, context } = situation;
  const { plan, position } = document;
  if (!isLatched(document))
    return refuse('rollout.not_latched', 'nothing to release: the rollout is not latched');
  const raises = Object.values(plan.pins).includes('new');
  const objection = raises ? freezeObjection(document) : undefined;
  if (objection) return objection;
  if (event.newSalt !== undefined && plan.percentage > 0)
    return refuse(
      'rollout.not_at_zero',
      `a new salt draws the cohorts anew, which at ${plan.percentage} % would move devices forward and back; lower it first: pointsman set 0 --reason "…"`,
    );
  const { stage } = rungFor(context.ladder, plan.percentage);
  const again = startingOver(position, stage, event.at);
  // Before the first device moves, what the guard rests on is measured anew.
  const fresh = plan.percentage === 0 ? { ...again, guardRates: null } : again;
  const salt = event.newSalt === undefined ? {} : { salt: event.newSalt };
  return change(
    situation,
    {
      plan: { ...salt, generation: plan.generation + 1 },
      automation: { kind: 'manual' },
      position: fresh,
    },
    { event, action: 'release' },
  );
}

/** People count once each, in the role by which they are known. */
export function approve(situation: Situation, event: Event<'approve'>): RolloutDecision {
  const { document, context } = situation;
  const { position, plan } = document;
  const { stage } = rungOf(context.ladder, position, plan.percentage);
  const wanted = stage.gates.filter((gate) => gate.kind === 'approval').map(({ role }) => role);
  const { by, role, at, reason } = event;
  if (!wanted.includes(role))
    return refuse(
      'approval.not_wanted',
      wanted.length === 0
        ? `${stage.name} wants no approval`
        : `${stage.name} wants approval by ${wanted.join(' and ')}, not by ${role}`,
    );
  if (position.approvals.some((given) => given.by === by && given.role === role))
    return unchanged(`${by} has approved of leaving ${stage.name} already`);
  const approvals = [...position.approvals, { by, role, at, reason }].slice(-APPROVALS_KEPT);
  return change(situation, { position: { ...position, approvals } }, { event, action: 'approve' });
}

export function recordDrill(situation: Situation, event: Event<'record_drill'>): RolloutDecision {
  const { at, seconds, evidence } = event;
  const position = { ...situation.document.position, lastDrill: { at, seconds } };
  return change(situation, { position }, { event, action: 'drill', evidence: { seconds, ...evidence } });
}

function stampOf({ at, by, reason }: Wish) {
  return { since: at, by, reason };
}
