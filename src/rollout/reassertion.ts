import type { TransportName } from '../kernel/words';
import type { Plan } from '../routing/plan';
import { entryOf } from './decision';
import { isLatched, type AuditEntry, type Automation, type Position, type RolloutDocument } from './document';
import { positionAt, startingOver } from './position';

/** Who re-asserts, and when. */
export interface Reasserting {
  readonly writer: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface Reassertion {
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
}

/** In whose name the program itself changes a rollout. */
const PROGRAM = 'pointsman';

/**
 * What two documents that contradict each other leave standing: of each the more careful half. Nothing in it puts a
 * device on the new transport that one of them does not. It needs no ladder: the stage follows from the percentage.
 */
export function lowerOfBoth(
  known: RolloutDocument,
  seen: RolloutDocument,
  { writer, at }: Reasserting,
): Reassertion {
  const reason = `the store holds generation ${seen.plan.generation} revision ${seen.plan.revision} by ${seen.writer} where generation ${known.plan.generation} revision ${known.plan.revision} by ${known.writer} was known`;
  const plan: Plan = {
    ...lowerTraffic(known.plan, seen.plan),
    generation: Math.max(known.plan.generation, seen.plan.generation),
    revision: Math.max(known.plan.revision, seen.plan.revision) + 1,
    setBy: PROGRAM,
    reason,
    setAt: at,
  };
  const automation = stricterAutomation(known.automation, seen.automation, {
    by: PROGRAM,
    since: at,
    reason,
  });
  const position = lowerPosition([known, seen], plan, at);
  const document = { plan, automation, freeze: known.freeze ?? seen.freeze, position, writer };
  const evidence = { known, seen };
  return {
    document,
    entry: entryOf(known, document, { event: wish(at, reason), action: 'reassert', evidence }),
  };
}

/** A store that has forgotten what this process knows: nothing goes to the new transport until a person has looked. */
export function afterLoss(known: RolloutDocument, { writer, at }: Reasserting): Reassertion {
  const reason = 'store lost';
  const { plan } = known;
  const event = wish(at, reason);
  const action = 'store_lost';
  // It was said already, and the store has not kept it: saying it again must not make another generation of it.
  if (isLatched(known) && plan.percentage === 0)
    return { document: known, entry: entryOf(known, known, { event, action, evidence: { known } }) };
  const document: RolloutDocument = {
    ...known,
    plan: {
      ...plan,
      percentage: 0,
      generation: plan.generation + 1,
      revision: plan.revision + 1,
      setBy: PROGRAM,
      reason,
      setAt: at,
    },
    automation: { kind: 'latched', since: at, by: PROGRAM, reason },
    position: startingOver(known.position, '', at),
    writer,
  };
  return { document, entry: entryOf(known, document, { event, action, evidence: { known } }) };
}

function wish(at: string, reason: string) {
  return { at, by: PROGRAM, reason };
}

/** With two salts the same percentage means two cohorts, so only 0 % moves nobody forward. */
function lowerTraffic(one: Plan, other: Plan): Plan {
  const sameCohorts = one.salt === other.salt;
  const [mirror] = [one.mirror, other.mirror].sort((a, b) => shadowed(a) - shadowed(b));
  return {
    ...one,
    salt: one.generation >= other.generation ? one.salt : other.salt,
    percentage: sameCohorts ? Math.min(one.percentage, other.percentage) : 0,
    holdback: Math.max(one.holdback, other.holdback),
    pins: lowerPins(one.pins, other.pins),
    mirror: mirror ?? one.mirror,
  };
}

/** Pinned to legacy if one says so, pinned to new if both do. */
function lowerPins(one: Plan['pins'], other: Plan['pins']): Plan['pins'] {
  const both = new Map<string, TransportName>();
  for (const id of [...Object.keys(one), ...Object.keys(other)]) {
    if (one[id] === 'legacy' || other[id] === 'legacy') both.set(id, 'legacy');
    else if (one[id] === other[id]) both.set(id, 'new');
  }
  return Object.fromEntries(both);
}

function shadowed({ on, percentage }: Plan['mirror']): number {
  return on ? percentage : 0;
}

/** Latched if one is. An automation that was armed waits for a person: the ground it stood on has moved. */
function stricterAutomation(
  one: Automation,
  other: Automation,
  stamp: { by: string; since: string; reason: string },
): Automation {
  const kinds = [one, other];
  const strict = kinds.find(({ kind }) => kind === 'latched') ?? kinds.find(({ kind }) => kind === 'paused');
  if (strict) return strict;
  return kinds.some(({ kind }) => kind === 'armed') ? { kind: 'paused', ...stamp } : { kind: 'manual' };
}

/** Of the lower document; its evidence counts only as far as it is of the generation that goes on. */
function lowerPosition(documents: readonly RolloutDocument[], plan: Plan, at: string): Position {
  const lower = documents.find((document) => document.plan.percentage === plan.percentage);
  if (lower === undefined) return positionAt('', at);
  const { position } = lower;
  return lower.plan.generation === plan.generation ? position : startingOver(position, '', at);
}
