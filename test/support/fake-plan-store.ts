import type { AuditEntry, RolloutDocument } from '../../src/rollout/document';
import type { Loaded, PlanStore, Written } from '../../src/rollout/plan-store';

interface Pending {
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
  readonly settle: (written: Written) => void;
  readonly fail: (error: Error) => void;
}

/** A plan store in memory that fails, or keeps its callers waiting, when it is told to. */
export class FakePlanStore implements PlanStore {
  /** Oldest first. */
  readonly entries: AuditEntry[] = [];
  failing = false;
  /** True: a write is done when the test calls `answer`. */
  manual = false;
  /** What `load` answers while nothing was written. */
  loaded: Loaded = { kind: 'empty' };
  private stored: RolloutDocument | undefined;
  private readonly pending: Pending[] = [];

  constructor(first?: RolloutDocument) {
    this.stored = first;
  }

  get document(): RolloutDocument | undefined {
    return this.stored;
  }

  /** Writes that wait for an answer. */
  get waiting(): number {
    return this.pending.length;
  }

  load(): Promise<Loaded> {
    return Promise.resolve(this.stored ? { kind: 'found', document: this.stored } : this.loaded);
  }

  write(document: RolloutDocument, entry: AuditEntry): Promise<Written> {
    return new Promise((settle, fail) => {
      this.pending.push({ document, entry, settle, fail });
      if (!this.manual) this.answer();
    });
  }

  history(limit: number): Promise<readonly AuditEntry[]> {
    return Promise.resolve(this.entries.slice(-limit).reverse());
  }

  record(entry: AuditEntry): Promise<void> {
    this.entries.push(entry);
    return Promise.resolve();
  }

  watch(): void {}

  claim(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Performs one write that waits, the oldest unless said otherwise, or lets it fail. */
  answer({ failing = this.failing, which = 0 }: { failing?: boolean; which?: number } = {}): void {
    const [write] = this.pending.splice(which, 1);
    if (!write) return;
    if (failing) write.fail(new Error('the disk is full'));
    else write.settle(this.perform(write));
  }

  private perform({ document, entry }: Pending): Written {
    const { stored } = this;
    if (stored && stored.plan.revision !== document.plan.revision - 1)
      return { kind: 'conflict', seen: { kind: 'found', document: stored } };
    this.stored = document;
    this.entries.push(entry);
    return { kind: 'written' };
  }
}
