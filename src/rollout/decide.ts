import { AppError } from '../kernel/errors';
import { percentageSteps } from '../kernel/percentage';
import type { Plan } from '../routing/plan';
import type { RolloutEvent, Wish } from './event';
import {
  auditedState,
  isLatched,
  type AuditAction,
  type AuditEntry,
  type Automation,
  type RolloutDocument,
} from './document';

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
  | { readonly kind: 'refused'; readonly error: AppError };

export interface RolloutPolicy {
  /** A raise by more percentage points than this wants to be confirmed. */
  readonly maxStep: number;
}

/** What an event makes of a rollout. Pure. */
export function decide(
  document: RolloutDocument,
  event: RolloutEvent,
  policy: RolloutPolicy,
): RolloutDecision {
  const { expectedRevision } = event;
  if (expectedRevision !== undefined && expectedRevision !== document.plan.revision) {
    return refuse('revision.mismatch', staleRevision(document, expectedRevision), { current: document });
  }
  switch (event.kind) {
    case 'rollback':
      return rollback(document, event);
    case 'set_percentage':
      return setPercentage(document, event, policy);
    case 'release':
      return release(document, event);
    default:
      return refuse('input.invalid', `${event.kind} is not known`);
  }
}

function staleRevision({ plan }: RolloutDocument, expected: number): string {
  return `revision ${expected} is not current: ${plan.setBy} made revision ${plan.revision} (${plan.percentage} %) because "${plan.reason}"`;
}

/** Idempotent in state: a second rollback finds nothing to do, so a repeated webhook cannot bump the generation. */
function rollback(
  document: RolloutDocument,
  event: Extract<RolloutEvent, { kind: 'rollback' }>,
): RolloutDecision {
  const { plan } = document;
  if (isLatched(document) && plan.percentage === 0) {
    return { kind: 'unchanged', why: `already at 0 % in generation ${plan.generation}` };
  }
  const automation: Automation = { kind: 'latched', since: event.at, by: event.by, reason: event.reason };
  const next = nextPlan(plan, event, { percentage: 0, generation: plan.generation + 1 });
  return change(
    document,
    { ...document, plan: next, automation },
    { event, evidence: event.evidence, order: 'act_first', handOver: true },
  );
}

function setPercentage(
  document: RolloutDocument,
  event: Extract<RolloutEvent, { kind: 'set_percentage' }>,
  policy: RolloutPolicy,
): RolloutDecision {
  const { plan } = document;
  // In whole steps: 32.002 - 7.002 is a little more than 25.
  const step = percentageSteps(event.percentage) - percentageSteps(plan.percentage);
  if (step === 0) return { kind: 'unchanged', why: `already at ${plan.percentage} %` };
  if (step > 0 && isLatched(document))
    return refuse('rollout.latched', latchedMessage(document), { current: document });
  if (step > percentageSteps(policy.maxStep) && !event.confirmed) {
    const sentence = `${plan.percentage} % → ${event.percentage} % is a raise of more than ${policy.maxStep} points; confirm it ("confirm": true, command line: --yes)`;
    return refuse('rollout.confirmation_required', sentence, { maxStep: policy.maxStep });
  }
  const next = nextPlan(plan, event, { percentage: event.percentage });
  const order = step < 0 ? 'act_first' : 'persist_first';
  return change(
    document,
    { ...document, plan: next },
    { event, evidence: {}, order, handOver: false },
  );
}

function latchedMessage({ automation }: RolloutDocument): string {
  const { by, since, reason } = automation as Extract<Automation, { kind: 'latched' }>;
  return `latched since ${since} by ${by} ("${reason}"); nothing is raised until somebody releases it: pointsman release --reason "…"`;
}

/** Opens the latch and a new generation, in which evidence starts at zero. */
function release(
  document: RolloutDocument,
  event: Extract<RolloutEvent, { kind: 'release' }>,
): RolloutDecision {
  if (!isLatched(document))
    return refuse('rollout.not_latched', 'nothing to release: the rollout is not latched');
  const next = nextPlan(document.plan, event, { generation: document.plan.generation + 1 });
  const order = 'persist_first';
  return change(
    document,
    { ...document, plan: next, automation: { kind: 'manual' } },
    { event, evidence: {}, order, handOver: false },
  );
}

function nextPlan(plan: Plan, wish: Wish, changes: Partial<Plan>): Plan {
  return {
    ...plan,
    ...changes,
    revision: plan.revision + 1,
    setBy: wish.by,
    reason: wish.reason,
    setAt: wish.at,
  };
}

function change(
  before: RolloutDocument,
  after: RolloutDocument,
  about: Pick<Change, 'order' | 'handOver'> & {
    event: Wish & { kind: AuditAction };
    evidence: Readonly<Record<string, unknown>>;
  },
): Change {
  const { event, evidence, order, handOver } = about;
  const { at, by, kind: action, reason } = event;
  const entry: AuditEntry = {
    at,
    by,
    action,
    reason,
    before: auditedState(before),
    after: auditedState(after),
    evidence,
  };
  return { kind: 'change', document: after, entry, order, handOver };
}

function refuse(
  code: AppError['code'],
  message: string,
  facts: Record<string, unknown> = {},
): RolloutDecision {
  return { kind: 'refused', error: new AppError(code, message, facts) };
}
