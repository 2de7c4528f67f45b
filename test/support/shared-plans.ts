import type { AuditEntry, RolloutDocument } from '../../src/rollout/document';
import type {
  Loaded,
  PlanStore,
  StoreHealth,
  StoreListener,
  WriteOptions,
  Written,
} from '../../src/rollout/plan-store';
import type { Random } from '../../src/kernel/random';
import { isSame } from '../../src/rollout/reconcile';

/**
 * A plan store in memory for several replicas, as far apart as those on a network: what one asks or is told takes its
 * turn, a chance number of turns later.
 */
export class SharedPlans {
  /** Oldest first. */
  readonly entries: AuditEntry[] = [];
  document: RolloutDocument | undefined;
  /** Writes that found something else than they expected. */
  conflicts = 0;
  private readonly listeners = new Set<StoreListener>();
  private readonly claims = new Set<string>();
  private highestToken = 0;

  constructor(private readonly random: Random) {}

  /** The store as one replica has it. */
  replica(): PlanStore {
    let own: StoreListener | undefined;
    return {
      shared: true,
      health: HEALTHY,
      load: () => this.later(() => this.loaded()),
      write: (document, entry, options) => this.later(() => this.write(document, entry, options)),
      record: (entry) => this.later(() => void this.entries.push(entry)),
      history: (limit) => this.later(() => this.entries.slice(-limit).reverse()),
      watch: (listener) => {
        own = listener;
        this.listeners.add(listener);
      },
      claim: (key) => this.later(() => !this.claims.has(key) && this.claims.add(key) !== undefined),
      close: () => {
        if (own) this.listeners.delete(own);
        return Promise.resolve();
      },
    };
  }

  /** What every replica does once a second: it looks, whatever it was told. */
  poll(): void {
    for (const listener of this.listeners) listener.seen(this.loaded(), undefined);
  }

  private loaded(): Loaded {
    return this.document ? { kind: 'found', document: this.document } : { kind: 'empty' };
  }

  private write(
    document: RolloutDocument,
    entry: AuditEntry,
    { expected, fencingToken }: WriteOptions,
  ): Written {
    const old = fencingToken !== undefined && fencingToken < this.highestToken;
    if (old || !this.isExpected(expected)) {
      this.conflicts += 1;
      return { kind: 'conflict', seen: this.loaded() };
    }
    this.highestToken = Math.max(this.highestToken, fencingToken ?? 0);
    this.document = document;
    this.entries.push(entry);
    for (const listener of this.listeners) this.tell(listener, document, entry);
    return { kind: 'written' };
  }

  /** One message in five is lost. */
  private tell(listener: StoreListener, document: RolloutDocument, entry: AuditEntry): void {
    if (this.random.next() < 0.2) return;
    void this.later(() => listener.seen({ kind: 'found', document }, entry));
  }

  private isExpected(expected: WriteOptions['expected']): boolean {
    if (expected === 'anything') return true;
    if (expected === 'empty' || !this.document) return expected === 'empty' && !this.document;
    return isSame(expected, this.document);
  }

  private async later<T>(deed: () => T): Promise<T> {
    for (let turns = Math.floor(this.random.next() * 6); turns > 0; turns -= 1) await Promise.resolve();
    return deed();
  }
}

const HEALTHY: StoreHealth = { kind: 'redis', up: true, trouble: undefined, ageMs: 0, refused: undefined };
