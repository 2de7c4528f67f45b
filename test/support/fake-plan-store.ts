import { isDeepStrictEqual } from 'node:util';
import type { AuditEntry, RolloutDocument } from '../../src/rollout/document';
import type {
  Loaded,
  PlanStore,
  StoreHealth,
  StoreListener,
  WriteOptions,
  Written,
} from '../../src/rollout/plan-store';
import { isSame } from '../../src/rollout/reconcile';

interface Pending {
  readonly document: RolloutDocument;
  readonly entry: AuditEntry;
  readonly options: WriteOptions;
  readonly settle: (written: Written) => void;
  readonly fail: (error: Error) => void;
}

/** A plan store in memory that fails, or keeps its callers waiting, when it is told to. Several processes may share it. */
export class FakePlanStore implements PlanStore {
  readonly shared = true;
  /** Oldest first. */
  readonly entries: AuditEntry[] = [];
  failing = false;
  /** True: a write is done when the test calls `answer`. */
  manual = false;
  /** What `load` answers while nothing was written. */
  loaded: Loaded = { kind: 'empty' };
  /** Times that it was read. */
  loads = 0;
  private stored: RolloutDocument | undefined;
  private fence = 0;
  private readonly pending: Pending[] = [];
  private readonly listeners = new Set<StoreListener>();
  private readonly claims = new Set<string>();

  constructor(
    first?: RolloutDocument,
    private readonly historyLimit = Infinity,
  ) {
    this.stored = first;
  }

  get health(): StoreHealth {
    const trouble = this.failing ? 'the disk is full' : undefined;
    return { kind: 'redis', up: !this.failing, trouble, ageMs: 0, refused: undefined };
  }

  get document(): RolloutDocument | undefined {
    return this.stored;
  }

  /** Writes that wait for an answer. */
  get waiting(): number {
    return this.pending.length;
  }

  load(): Promise<Loaded> {
    this.loads += 1;
    if (this.failing) return Promise.reject(new Error('the disk is full'));
    return Promise.resolve(this.standing());
  }

  write(document: RolloutDocument, entry: AuditEntry, options: WriteOptions): Promise<Written> {
    return new Promise((settle, fail) => {
      this.pending.push({ document, entry, options, settle, fail });
      if (!this.manual) this.answer();
    });
  }

  history(limit: number): Promise<readonly AuditEntry[]> {
    return Promise.resolve(this.entries.slice(-limit).reverse());
  }

  record(entry: AuditEntry): Promise<void> {
    if (this.failing) return Promise.reject(new Error('the disk is full'));
    this.keep(entry);
    return Promise.resolve();
  }

  watch(listener: StoreListener): void {
    this.listeners.add(listener);
  }

  claim(key: string): Promise<boolean> {
    const first = !this.claims.has(key);
    this.claims.add(key);
    return Promise.resolve(first);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /**
   * Performs one write that waits, the oldest unless said otherwise, or lets it fail. `lost`: it is performed, and
   * its caller is told that it failed.
   */
  answer({ failing = this.failing, lost = false, which = 0 }: Answering = {}): void {
    const [write] = this.pending.splice(which, 1);
    if (!write) return;
    if (failing) return write.fail(new Error('the disk is full'));
    const written = this.perform(write);
    if (lost) write.fail(new Error('no answer in time'));
    else write.settle(written);
  }

  /** What somebody else, or a fault, puts there; undefined empties it. */
  put(document: RolloutDocument | undefined): void {
    this.stored = document;
    this.loaded = { kind: 'empty' };
  }

  /** Something that is not to be believed stands there from now on. */
  spoil(message: string): void {
    this.stored = undefined;
    this.loaded = { kind: 'refused', message };
  }

  /** Tells the listeners what stands there, as a poll does; or something else, as a late message does. */
  tell(loaded: Loaded = this.standing(), entry?: AuditEntry): void {
    for (const listener of this.listeners) listener.seen(loaded, entry);
  }

  private standing(): Loaded {
    return this.stored ? { kind: 'found', document: this.stored } : this.loaded;
  }

  private perform({ document, entry, options }: Pending): Written {
    const { expected, fencingToken = Infinity } = options;
    if (isDeepStrictEqual(this.stored, document)) return { kind: 'written' };
    if (!this.fits(expected) || fencingToken < this.fence) return { kind: 'conflict', seen: this.standing() };
    this.stored = document;
    this.keep(entry);
    if (fencingToken !== Infinity) this.fence = fencingToken;
    return { kind: 'written' };
  }

  private keep(entry: AuditEntry): void {
    this.entries.push(entry);
    if (this.entries.length > this.historyLimit) this.entries.shift();
  }

  private fits(expected: WriteOptions['expected']): boolean {
    if (expected === 'anything') return true;
    if (expected === 'empty') return this.standing().kind === 'empty';
    return this.stored !== undefined && isSame(this.stored, expected);
  }
}

interface Answering {
  readonly failing?: boolean;
  readonly lost?: boolean;
  readonly which?: number;
}
