import type { AuditEntry, RolloutDocument } from './document';

export type Loaded =
  | { readonly kind: 'found'; readonly document: RolloutDocument }
  | { readonly kind: 'empty' }
  /** Something is there, and it is not to be believed. */
  | { readonly kind: 'refused'; readonly message: string };

export type Written =
  | { readonly kind: 'written' }
  /** Something else stands there than the document that was to be replaced. */
  | { readonly kind: 'conflict'; readonly seen: Loaded };

/** What a store tells of writes that others made, and of itself. */
export interface StoreListener {
  /** Called with what stands in the store, at least once a poll; the same document may come again. `entry` when it came along. */
  seen(loaded: Loaded, entry: AuditEntry | undefined): void;
}

/** One document as another is to replace it: what must stand in the store for a write to go through. */
export type Expected = RolloutDocument | 'empty' | 'anything';

export interface WriteOptions {
  /** What the change was made from; anything else in the store is a conflict. Identity is (generation, revision, writer). */
  readonly expected: Expected;
  /** Of the lease under which the change was decided; a store that has seen a higher one answers with a conflict. */
  readonly fencingToken?: number | undefined;
  /**
   * Not to be done any more when the caller has been told that there was no answer: a server that was frozen would
   * otherwise do it as soon as it goes on.
   */
  readonly inTime?: boolean;
}

/** How a store is. */
export interface StoreHealth {
  readonly kind: 'file' | 'redis';
  /** Whether it did what it was asked to the last time. */
  readonly up: boolean;
  /** Why it did not, in a sentence; undefined while it is up, and before it was asked. */
  readonly trouble: string | undefined;
  /** Since it was last read, milliseconds; undefined when it never was. */
  readonly ageMs: number | undefined;
  /** Why what stands there is not believed; undefined while it is. */
  readonly refused: string | undefined;
}

/** Where the rollout's document and its audit trail are kept: one step writes both, or neither. */
export interface PlanStore {
  /** Others write to it too: it may be away, and it may say other things than this process knows. */
  readonly shared: boolean;
  readonly health: StoreHealth;
  load(): Promise<Loaded>;
  /**
   * A document that stands there already, whole, counts as written. Throws an AppError `store.unavailable` when the
   * store cannot be written or does not answer in time; `maybeDone` in its facts says that it may have been written.
   */
  write(document: RolloutDocument, entry: AuditEntry, options: WriteOptions): Promise<Written>;
  /** Appends to the audit trail what changed nothing, such as evidence that came too late. */
  record(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  history(limit: number): Promise<readonly AuditEntry[]>;
  /** Starts to tell of what others write. A store that nobody else writes to tells nothing. */
  watch(listener: StoreListener): void;
  /**
   * Claims to be the one who does something once over all replicas. True for the first caller of a key within
   * `ttlMs`. Throws when the store does not answer.
   */
  claim(key: string, ttlMs: number): Promise<boolean>;
  close(): Promise<void>;
}
