import { AppError, type ErrorCode } from '../kernel/errors';
import type { Plan } from '../routing/plan';
import type { Evidence } from '../slo/verdict';
import { auditedState, type AuditAction, type AuditEntry, type RolloutDocument } from './document';
import type { Wish } from './event';
import { bounded } from './evidence';
import { compareExposure } from './exposure';
import type { Ladder } from './ladder';

/** A change and the order of its effects: what lowers acts first and persists after, all else persists first. */
export interface Change {
  readonly kind: 'change';
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
  readonly order: 'act_first' | 'persist_first';
  /** Commands in flight on the new transport are not transmitted again. */
  readonly handOver: boolean;
}

export type RolloutDecision =
  | Change
  | { readonly kind: 'unchanged'; readonly why: string }
  /** What came too late, or for another generation: written into the audit trail and nothing else. */
  | { readonly kind: 'dropped'; readonly why: string; readonly entry: AuditEntry }
  | { readonly kind: 'refused'; readonly error: AppError };

export interface RolloutPolicy {
  /** A raise that moves a larger share of the devices than this wants to be confirmed. Percent. */
  readonly maxStep: number;
  /** Devices that may be pinned. */
  readonly maxPins: number;
}

export interface RolloutContext {
  readonly policy: RolloutPolicy;
  readonly ladder: Ladder;
  /** Devices of the fleet as far as known; the share that a pin moves rests on it. */
  readonly devices?: number | undefined;
  /** Who signs what is decided; without it the writer stays who it was. */
  readonly writer?: string | undefined;
}

/** What is decided on. */
export interface Situation {
  readonly document: RolloutDocument;
  readonly context: RolloutContext;
}

/** What a change makes new. */
export interface Changes {
  readonly plan?: Partial<Plan>;
  readonly automation?: RolloutDocument['automation'];
  readonly freeze?: RolloutDocument['freeze'];
  readonly position?: RolloutDocument['position'];
}

export interface Cause {
  readonly event: Wish;
  readonly action: AuditAction;
  readonly evidence?: Evidence;
  readonly handOver?: boolean;
  /** Safety that moves no device, such as a latch, acts first too. */
  readonly actFirst?: boolean;
}

/** The next document with its audit entry. What may move a device to new is stored before it acts. */
export function change({ document, context }: Situation, changes: Changes, cause: Cause): Change {
  const { event, action, evidence = {}, handOver = false, actFirst = false } = cause;
  const { plan } = document;
  const after: RolloutDocument = {
    ...document,
    ...changes,
    plan: {
      ...plan,
      ...changes.plan,
      revision: plan.revision + 1,
      setBy: event.by,
      reason: event.reason,
      setAt: event.at,
    },
    writer: context.writer ?? document.writer,
  };
  const exposure = compareExposure(document, after);
  const order = exposure !== 'raised' && (actFirst || exposure === 'lowered') ? 'act_first' : 'persist_first';
  return {
    kind: 'change',
    document: after,
    entry: entryOf(document, after, { event, action, evidence }),
    order,
    handOver,
  };
}

export function unchanged(why: string): RolloutDecision {
  return { kind: 'unchanged', why };
}

export function refuse(
  code: ErrorCode,
  message: string,
  facts: Readonly<Record<string, unknown>> = {},
): RolloutDecision {
  return { kind: 'refused', error: new AppError(code, message, facts) };
}

/** Evidence of another generation than the plan's. */
export function dropped({ document }: Situation, why: string, cause: Cause): RolloutDecision {
  const { event, evidence = {} } = cause;
  const entry = entryOf(document, document, {
    event,
    action: 'dropped',
    evidence: { ...evidence, why, asked: cause.action },
  });
  return { kind: 'dropped', why, entry };
}

export function entryOf(
  before: RolloutDocument,
  after: RolloutDocument,
  about: { event: Wish; action: AuditAction; evidence: Evidence },
): AuditEntry {
  const { at, by, reason } = about.event;
  return {
    at,
    by,
    action: about.action,
    reason,
    before: auditedState(before),
    after: auditedState(after),
    evidence: bounded(about.evidence),
  };
}
