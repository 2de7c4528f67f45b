import type { Plan } from '../routing/plan';
import type { DayResult, GuardRates } from '../slo/verdict';

/** Who did something, when, and why. `since`: ISO 8601, UTC. */
export interface Stamp {
  readonly since: string;
  readonly by: string;
  readonly reason: string;
}

/** Who may raise: people only, the machine too, people only until somebody resumes, or nobody until somebody releases. */
export type Automation =
  | { readonly kind: 'manual' }
  | { readonly kind: 'armed' }
  | ({ readonly kind: 'paused' } & Stamp)
  | ({ readonly kind: 'latched' } & Stamp);

/** Where the rollout stands on its ladder. Instants only, never a countdown: a tick computes what is left. */
export interface Position {
  /** Name of the stage. */
  readonly stage: string;
  /** ISO 8601, UTC. */
  readonly enteredAt: string;
  /** What the stage's clock began again for, and when; null while it runs since `enteredAt`. */
  readonly clockReset: { readonly at: string; readonly why: string } | null;
  /** Approvals of leaving this stage. */
  readonly approvals: readonly Approval[];
  /** Results of this generation's days, oldest first, at most 60 days of each objective. */
  readonly days: readonly DayResult[];
  /** Gates of which people were told in this stage, so that each is told of once, at most 50. */
  readonly told: readonly string[];
  /** Measured before the first device moved; the guard's thresholds rest on it. */
  readonly guardRates: GuardRates | null;
  /** The last rehearsal of a rollback, and how long it took to be in effect. */
  readonly lastDrill: { readonly at: string; readonly seconds: number } | null;
}

export interface Approval {
  readonly by: string;
  readonly role: string;
  readonly at: string;
  readonly reason: string;
}

/** The whole truth about one rollout: where traffic goes, who may change it, and how far it has come. */
export interface RolloutDocument {
  readonly plan: Plan;
  readonly automation: Automation;
  /** Nobody raises anything while it is set. */
  readonly freeze: Stamp | null;
  readonly position: Position;
  /** The replica that wrote this revision. Together with generation and revision it identifies the document. */
  readonly writer: string;
}

export const AUDIT_ACTIONS = [
  'seed',
  'set_percentage',
  'set_holdback',
  'set_mirror',
  'set_pins',
  'promote',
  'approve',
  'pause',
  'resume',
  'freeze',
  'unfreeze',
  'rollback',
  'release',
  'days_judged',
  'clock_reset',
  'gate_failed',
  'approval_awaited',
  'drill',
  'store_refused',
  'store_lost',
  'reassert',
  'dropped',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What stands in the audit trail of the state before and after a change. */
export interface AuditedState {
  readonly percentage: number;
  readonly holdback: number;
  readonly mirror: number;
  readonly pins: number;
  readonly revision: number;
  readonly generation: number;
  readonly automation: Automation['kind'];
  /** Empty after a re-assertion, which knows no ladder: then it follows from the percentage. */
  readonly stage: string;
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

export function auditedState({ plan, automation, position }: RolloutDocument): AuditedState {
  const { percentage, holdback, revision, generation } = plan;
  return {
    percentage,
    holdback,
    mirror: plan.mirror.on ? plan.mirror.percentage : 0,
    pins: Object.keys(plan.pins).length,
    revision,
    generation,
    automation: automation.kind,
    stage: position.stage,
  };
}

export function isLatched(document: RolloutDocument): boolean {
  return document.automation.kind === 'latched';
}
