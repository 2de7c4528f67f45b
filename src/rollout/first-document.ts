import { randomBytes } from 'node:crypto';
import type { DeviceId } from '../kernel/device-id';
import { safePlan } from '../routing/plan';
import { auditedState, type AuditAction, type AuditEntry, type RolloutDocument } from './document';
import { rungFor, type Ladder } from './ladder';
import { positionAt } from './position';

/** How a rollout begins. */
export interface FirstPlan {
  readonly holdback: number;
  readonly seed: Seed;
  readonly ladder: Ladder;
}

/** What a ramp that begins in an empty store begins with, by explicit wish only. */
export interface Seed {
  readonly percentage: number;
  readonly mirror: boolean;
  /** Devices pinned to the new transport. */
  readonly cohort: readonly DeviceId[];
}

const NO_SEED: Seed = { percentage: 0, mirror: false, cohort: [] };

export interface FirstDocument {
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
}

/** When, and by which replica. */
export interface Origin {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly writer: string;
}

const FIRST_REVISION = 1;
const EVERY_DEVICE = 100;
const PROGRAM = 'pointsman';

/** What an empty store means to a process that knows nothing: 0 %, or the seed that was asked for. */
export function seededDocument(first: FirstPlan, origin: Origin): FirstDocument {
  const { percentage, mirror, cohort } = first.seed;
  const seeded = percentage > 0 || mirror || cohort.length > 0;
  const document = begin(first, origin, {
    reason: seeded ? 'seeded by configuration' : 'the store was empty',
    seed: first.seed,
  });
  return { document, entry: firstEntry(document, 'seed') };
}

/** What was stored is unknown and somebody must look: 0 %, latched. */
export function refusedDocument(first: FirstPlan, origin: Origin, reason: string): FirstDocument {
  const automation = { kind: 'latched', since: origin.at, by: PROGRAM, reason } as const;
  const document = { ...begin(first, origin, { reason, seed: NO_SEED }), automation };
  return { document, entry: firstEntry(document, 'store_refused') };
}

/** What a process goes by that could not ask its store yet: 0 %. It is never stored. */
export function unknowingDocument(first: FirstPlan, origin: Origin): RolloutDocument {
  const document = begin(first, origin, { reason: 'the store has not answered yet', seed: NO_SEED });
  return { ...document, plan: { ...document.plan, revision: 0 } };
}

/** What was in effect before a restart, with nothing on the new transport until the store has answered. */
export function restrained(document: RolloutDocument): RolloutDocument {
  const { plan } = document;
  const pins = Object.fromEntries(
    Object.entries(plan.pins).filter(([, transport]) => transport === 'legacy'),
  );
  return { ...document, plan: { ...plan, percentage: 0, pins, mirror: { on: false, percentage: 0 } } };
}

function begin(
  { holdback, ladder }: FirstPlan,
  { at, writer }: Origin,
  { reason, seed }: { reason: string; seed: Seed },
): RolloutDocument {
  const plan = safePlan({ salt: newSalt(), holdback, setBy: PROGRAM, reason, setAt: at });
  const { percentage, cohort } = seed;
  const { stage } = rungFor(ladder, percentage);
  const mirror = seed.mirror ? { on: true, percentage: stage.mirror || EVERY_DEVICE } : plan.mirror;
  const pins = Object.fromEntries(cohort.map((id) => [id, 'new'] as const));
  return {
    plan: { ...plan, percentage, mirror, pins, revision: FIRST_REVISION },
    automation: { kind: 'manual' },
    freeze: null,
    position: positionAt(stage, at),
    writer,
  };
}

function firstEntry(document: RolloutDocument, action: AuditAction): AuditEntry {
  const { setAt: at, setBy: by, reason } = document.plan;
  const after = auditedState(document);
  return { at, by, action, reason, before: { ...after, percentage: 0, revision: 0 }, after, evidence: {} };
}

/** Two rollouts must not choose the same devices, so each begins with a salt of its own. */
function newSalt(): string {
  return randomBytes(6).toString('hex');
}
