import type { Plan } from '../routing/plan';

/** Who may move the percentage: people only, the machine too, nobody upwards for now, or nobody upwards until released. */
export type Automation =
  | { readonly kind: 'manual' }
  | { readonly kind: 'armed' }
  | { readonly kind: 'paused'; readonly since: string; readonly by: string; readonly reason: string }
  | { readonly kind: 'latched'; readonly since: string; readonly by: string; readonly reason: string };

/** The whole truth about one rollout: where traffic goes, and who may change it. */
export interface RolloutDocument {
  readonly plan: Plan;
  readonly automation: Automation;
}

export const AUDIT_ACTIONS = ['seed', 'set_percentage', 'rollback', 'release', 'store_refused'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What stands in the audit trail of the state before and after a change. */
export interface AuditedState {
  readonly percentage: number;
  readonly revision: number;
  readonly generation: number;
  readonly automation: Automation['kind'];
}

/** One change: who, why, on what evidence. Written in the same atomic step as the change. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  readonly action: AuditAction;
  readonly reason: string;
  readonly before: AuditedState;
  readonly after: AuditedState;
  readonly evidence: Readonly<Record<string, unknown>>;
}

export function auditedState({ plan, automation }: RolloutDocument): AuditedState {
  const { percentage, revision, generation } = plan;
  return { percentage, revision, generation, automation: automation.kind };
}

export function isLatched(document: RolloutDocument): boolean {
  return document.automation.kind === 'latched';
}
