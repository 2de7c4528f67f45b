import type { AuditEntry, RolloutDocument } from './document';

export type Loaded =
  | { readonly kind: 'found'; readonly document: RolloutDocument }
  | { readonly kind: 'empty' }
  /** Something is there, and it is not to be believed. */
  | { readonly kind: 'refused'; readonly message: string };

export type Written =
  | { readonly kind: 'written' }
  /** Another revision stands there than the one that was to be replaced. */
  | { readonly kind: 'conflict'; readonly document: RolloutDocument };

/** Where the rollout's document and its audit trail are kept: one step writes both, or neither. */
export interface PlanStore {
  load(): Promise<Loaded>;
  /** Replaces the revision before `document`'s and appends `entry`. Throws when the store cannot be written. */
  write(document: RolloutDocument, entry: AuditEntry): Promise<Written>;
  /** Newest first. */
  history(limit: number): Promise<readonly AuditEntry[]>;
}
