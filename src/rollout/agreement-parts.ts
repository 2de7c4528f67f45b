import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { RolloutDecision } from './decision';
import type { AuditEntry, RolloutDocument } from './document';
import type { RolloutEvent } from './event';
import type { FirstPlan } from './first-document';
import type { PendingFile } from './pending-file';
import type { PlanStore } from './plan-store';

/** What an event makes of a document; `writer` signs what comes of it. */
export type Decide = (document: RolloutDocument, event: RolloutEvent, writer: string) => RolloutDecision;

export interface AgreementParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly store: PlanStore;
  readonly decide: Decide;
  /** Signs the documents of this process. No other one has it, not even the one that had its name before a restart. */
  readonly replica: string;
  readonly first: FirstPlan;
  /** Keeps what waits to be stored over a restart; without it that is lost. */
  readonly pending?: PendingFile | undefined;
  /** Called whenever another document is in effect, at once. */
  readonly onDocument: (document: RolloutDocument, about: Adoption) => void;
}

export interface Adoption {
  readonly entry: AuditEntry | undefined;
  readonly handOver: boolean;
  /** Why, when no entry says it. */
  readonly cause: string;
}
