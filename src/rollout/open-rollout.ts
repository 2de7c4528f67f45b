import { randomBytes } from 'node:crypto';
import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import { safePlan } from '../routing/plan';
import { auditedState, type AuditAction, type AuditEntry, type RolloutDocument } from './document';
import { positionAt } from './position';
import type { PlanStore } from './plan-store';

export interface FirstPlan {
  readonly holdback: number;
  /** Percentage of a ramp that begins in an empty store; without the explicit wish it is 0. */
  readonly seedPercentage: number;
}

export interface OpenParts {
  readonly store: PlanStore;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly first: FirstPlan;
}

/**
 * The document to start from. An empty store means 0 % (or the seed that was asked for); a store that is refused
 * means 0 % and latched, because what it held is unknown and somebody must look.
 */
export async function openRollout({ store, clock, observe, first }: OpenParts): Promise<RolloutDocument> {
  const loaded = await store.load();
  if (loaded.kind === 'found') return loaded.document;
  const at = new Date(clock.wallNow()).toISOString();
  const refused = loaded.kind === 'refused';
  const document = refused ? latchedAtZero(first, at, loaded.message) : seeded(first, at);
  const entry = firstEntry(document, refused ? 'store_refused' : 'seed');
  if (refused) observe({ kind: 'store_failed', operation: 'read', message: loaded.message });
  await store.write(document, entry, { expected: 'anything' });
  return document;
}

const FIRST_REVISION = 1;
const PROGRAM = 'pointsman';

function seeded(first: FirstPlan, at: string): RolloutDocument {
  const reason = first.seedPercentage > 0 ? 'seeded by configuration' : 'the store was empty';
  const plan = safePlan({ salt: newSalt(), holdback: first.holdback, setBy: PROGRAM, reason, setAt: at });
  return {
    plan: { ...plan, percentage: first.seedPercentage, revision: FIRST_REVISION },
    automation: { kind: 'manual' },
    freeze: null,
    position: positionAt('', at),
    writer: PROGRAM,
  };
}

function latchedAtZero(first: FirstPlan, at: string, reason: string): RolloutDocument {
  const document = seeded({ ...first, seedPercentage: 0 }, at);
  return {
    ...document,
    plan: { ...document.plan, reason },
    automation: { kind: 'latched', since: at, by: PROGRAM, reason },
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
