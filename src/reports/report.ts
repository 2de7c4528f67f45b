import type { ObjectiveView } from '../api/schemas/slos';
import type { ReportDayView, ReportObjectiveView } from '../api/schemas/slo-report';

export type Result = ReportObjectiveView['result'];

/** What a reader should do next. Written down with its rules in docs/reports.md. */
export const ADVICE = ['go_on', 'hold', 'investigate', 'remove_legacy'] as const;
export type Advice = (typeof ADVICE)[number];

export interface Recommendation {
  readonly advice: Advice;
  /** Why, a sentence each; never empty. */
  readonly because: readonly string[];
}

/** Something that kept the ramp from going on until a person had looked. */
export interface Incident {
  readonly kind: 'rollback' | 'critical_pause';
  /** null: before the history begins. */
  readonly from: string | null;
  /** null: it is not over. */
  readonly until: string | null;
  readonly cause: string;
  readonly by: string;
  /** The machine's, with evidence, and not a person's. */
  readonly automatic: boolean;
  readonly endedBy: string | null;
  readonly ended: string | null;
  readonly lastedMs: number | null;
}

export interface Incidents {
  readonly list: readonly Incident[];
  /** Over those that ended in the period and whose beginning is known; null without any. */
  readonly meanMs: number | null;
  readonly medianMs: number | null;
  readonly counted: number;
  readonly open: number;
  readonly how: string;
}

export interface RollbackNote {
  readonly at: string;
  readonly by: string;
  readonly automatic: boolean;
  readonly fromPercentage: number;
  readonly toPercentage: number;
  readonly cause: string;
  /** In one sentence; the whole of it stands in the history under the revision. */
  readonly evidence: string;
  readonly revision: number;
}

export interface ChangeNote {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly what: string;
  readonly reason: string;
  readonly revision: number;
}

export interface ObjectiveNote {
  readonly name: string;
  readonly title: string;
  readonly target: number;
  readonly window: string;
  readonly observeOnly: boolean;
  /** Of the new transport in the period. */
  readonly result: Result;
  /** Share of good events, 0…1; null when nothing was measured, or nothing happened. */
  readonly actual: { readonly new: number | null; readonly legacy: number | null };
  readonly counts: Pick<ReportObjectiveView, 'new' | 'legacy'>;
  readonly budgetLeft: ReportObjectiveView['budgetLeft'];
  /** What the latest judgement says, over the objective's own window; null when there is none. */
  readonly now: Pick<ObjectiveView, 'verdict' | 'why' | 'budgetLeft' | 'budgetLeftWhole'> | null;
}

export interface DayNote {
  readonly day: string;
  readonly results: readonly {
    readonly objective: string;
    readonly result: ReportDayView['result'];
    /** Share of the day that was measured; null when none of it. */
    readonly coverage: number | null;
  }[];
}

export interface Standing {
  readonly percentage: number;
  readonly effectivePercentage: number | null;
  readonly holdback: number;
  readonly stage: string;
  readonly stageIndex: number;
  readonly stages: number;
  readonly enteredAt: string;
  readonly next: string | null;
  readonly automation: string;
  readonly frozen: boolean;
  readonly generation: number;
  readonly revision: number;
  /** What the gates still lack, a sentence each. */
  readonly lacks: readonly string[];
}

/** The whole report as data. What is null was not measured or is not known. */
export interface Report {
  readonly kind: 'pointsman-slo-compliance';
  readonly version: 1;
  readonly environment: string;
  readonly program: string;
  readonly madeAt: string;
  readonly period: { readonly from: string; readonly until: string; readonly days: number };
  readonly source: string;
  readonly recommendation: Recommendation;
  readonly standing: Standing;
  readonly objectives: readonly ObjectiveNote[];
  readonly days: readonly DayNote[];
  readonly incidents: Incidents;
  readonly rollbacks: readonly RollbackNote[];
  readonly changes: readonly ChangeNote[];
  /** Changes beyond the bound, the oldest ones. */
  readonly changesLeftOut: number;
  readonly removal: { readonly answer: string; readonly missing: readonly string[] };
  /** What is missing from this report, and why, a sentence each. */
  readonly gaps: readonly string[];
}
