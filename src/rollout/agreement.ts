import type { Cancel, Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { causeOf } from '../store/store-cause';
import type { Change, RolloutDecision } from './decision';
import { isLatched, type AuditEntry, type RolloutDocument } from './document';
import type { RolloutEvent } from './event';
import {
  refusedDocument,
  restrained,
  seededDocument,
  unknowingDocument,
  type FirstDocument,
  type FirstPlan,
  type Origin,
} from './first-document';
import { LateEntries } from './late-entries';
import { rebase, type Lowering, type Rebased } from './lowerings';
import type { PendingFile } from './pending-file';
import type { Loaded, PlanStore, WriteOptions, Written } from './plan-store';
import { isSame, reconcile } from './reconcile';

/** What an event makes of a document; `writer` signs what comes of it. */
export type Decide = (document: RolloutDocument, event: RolloutEvent, writer: string) => RolloutDecision;

export interface AgreementParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly store: PlanStore;
  readonly decide: Decide;
  /** The name of this process among those that share the store. */
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

type WriteOutcome =
  Written | { readonly kind: 'failed'; readonly message: string; readonly maybeDone: boolean };

/** Pause between tries to store what took effect before it could be stored. */
const STORE_RETRY_MS = 1000;
/** Others may be quicker this often in a row; then it is tried again later. */
const MOST_CONFLICTS = 20;
/** Lowerings that wait for the store; beyond it the oldest is given up, for each of them was followed by a lower one. */
const MOST_WAITING = 100;

/**
 * Keeps what this process does and what the store holds in agreement, while others write to the store, and while it is
 * away, forgets, or contradicts what it said before. Whatever it sees by itself, it never acts on more than what
 * somebody stored, and never on more than what it knows to have been lowered since.
 */
export class Agreement {
  /** In effect. What waits is part of it. */
  private current: RolloutDocument;
  /** What the store is believed to hold; undefined as long as it has not answered. */
  private stored: RolloutDocument | 'empty' | undefined;
  private waiting: readonly Lowering[] = [];
  /** Counts what was learned or done, so that an answer to an earlier question is known to be out of date. */
  private changes = 0;
  private documents = 0;
  private storing: Promise<boolean> = Promise.resolve(true);
  private lookingAgain = false;
  private cancelRetry: Cancel | undefined;
  private closed = false;
  private alarm: string | undefined;
  /** Lost its memory to something that was not to be believed: then an empty store is no reason to begin with a seed. */
  private refusedAtFirst: string | undefined;
  private readonly late: LateEntries;

  constructor(private readonly parts: AgreementParts) {
    this.current = unknowingDocument(parts.first, this.origin());
    this.late = new LateEntries(parts.store, parts.observe);
  }

  get document(): RolloutDocument {
    return this.current;
  }

  /** The store has not answered since the start. */
  get unknowing(): boolean {
    return this.stored === undefined;
  }

  /** Lowerings in effect that are not stored. */
  get unstored(): number {
    return this.waiting.length;
  }

  /** Signs the next document. No two documents of a process share a name, so none is taken for another. */
  nextWriter(): string {
    this.documents += 1;
    return `${this.parts.replica}#${this.documents}`;
  }

  wroteIt({ writer }: RolloutDocument): boolean {
    return writer.startsWith(`${this.parts.replica}#`);
  }

  /** Asks the store. One that others share may be away: then nothing goes to the new transport until it answers. */
  async open(): Promise<void> {
    const { store, pending } = this.parts;
    this.waiting = (await pending?.load()) ?? [];
    const last = this.waiting.at(-1);
    if (last) this.current = restrained(last.change.document);
    const { changes } = this;
    try {
      await this.beginWith(await store.load());
    } catch (error) {
      if (!store.shared) throw error;
      this.failed('read', error);
    }
    if (changes === this.changes)
      this.adopt(this.current, { entry: undefined, handOver: false, cause: 'start' });
    store.watch({ seen: (loaded, entry) => this.seen(loaded, entry) });
  }

  close(): void {
    this.closed = true;
    this.cancelRetry?.();
  }

  /** Acts now and stores after. False when it could not be stored yet; undefined when the store was ahead of it. */
  async lower(lowering: Lowering): Promise<boolean | undefined> {
    const { change } = lowering;
    this.adopt(change.document, {
      entry: change.entry,
      handOver: change.handOver,
      cause: change.entry.action,
    });
    if (this.waiting.length >= MOST_WAITING) this.giveUp(this.waiting[0]);
    this.waiting = [...this.waiting, lowering];
    const done = await this.storeAll();
    return done && lowering.event && this.late.has(lowering.event) ? undefined : done;
  }

  /** Stores and acts after. False when something else stood in the store, which is followed by now. */
  async raise(change: Change, fencingToken: number | undefined): Promise<boolean> {
    const base = this.current;
    const written = await this.write(change, { expected: base, fencingToken, inTime: true });
    if (written.kind === 'failed') throw notStored(written);
    if (written.kind === 'conflict') {
      await this.meet(written.seen);
      if (written.seen.kind !== 'refused') return false;
      throw new AppError(
        'store.refused',
        `nothing can be stored over what is not understood: ${written.seen.message}`,
      );
    }
    if (this.current === base) {
      this.stored = change.document;
      this.adopt(change.document, {
        entry: change.entry,
        handOver: change.handOver,
        cause: change.entry.action,
      });
      return true;
    }
    // Something was lowered in between, on top of what was there before.
    if (this.stored === base) this.follow(change.document, change.entry);
    return isSame(this.current, change.document);
  }

  /** Stores what took effect already, in order. False when that cannot be; then it is tried again later. */
  storeAll(): Promise<boolean> {
    this.storing = this.storing.then(() => this.storeInOrder());
    return this.storing;
  }

  /** Writes down what changed nothing, now or when the store answers. */
  record(entry: AuditEntry): void {
    this.late.add(entry);
  }

  /** What stands in the store by a poll or a message. */
  private seen(loaded: Loaded, entry: AuditEntry | undefined): void {
    if (this.closed) return;
    this.late.flush();
    if (this.unknowing) void this.beginWith(loaded);
    else if (!this.understand(loaded, entry)) void this.lookAgain();
  }

  private async meet(loaded: Loaded): Promise<void> {
    if (!this.understand(loaded, undefined)) await this.lookAgain();
  }

  /** The first answer of the store: whatever it is, this process knew nothing better. */
  private async beginWith(loaded: Loaded): Promise<void> {
    switch (loaded.kind) {
      case 'found':
        this.recognize(loaded.document);
        this.follow(loaded.document, undefined);
        return;
      case 'refused':
        return this.beginRefused(loaded.message);
      case 'empty':
        return this.waiting.length > 0 ? this.lookAgain() : this.beginEmpty();
    }
  }

  private async beginEmpty(): Promise<void> {
    const { first } = this.parts;
    const reason = this.refusedAtFirst;
    const begun =
      reason === undefined
        ? seededDocument(first, this.origin())
        : refusedDocument(first, this.origin(), reason);
    await this.begin(begun, 'empty');
  }

  /** A store of our own is written anew; one that others share is theirs to repair. */
  private async beginRefused(message: string): Promise<void> {
    const begun = refusedDocument(this.parts.first, this.origin(), message);
    this.refusedAtFirst = message;
    this.tellAlarm(message);
    if (!this.parts.store.shared) return this.begin(begun, 'anything');
    if (this.current.plan.reason !== message && this.waiting.length === 0)
      this.adopt(begun.document, { entry: undefined, handOver: false, cause: 'store_refused' });
  }

  private async begin({ document, entry }: FirstDocument, expected: 'empty' | 'anything'): Promise<void> {
    const change: Change = { kind: 'change', document, entry, order: 'persist_first', handOver: false };
    const written = await this.write(change, { expected });
    if (!this.unknowing) return;
    if (written.kind === 'failed' && !this.parts.store.shared)
      throw new AppError('store.unavailable', written.message);
    if (written.kind === 'written') this.follow(document, entry);
    else if (written.kind === 'conflict' && written.seen.kind === 'found')
      this.follow(written.seen.document, undefined);
  }

  /** Follows what others have stored, where it contradicts nothing. False when it does. */
  private understand(loaded: Loaded, entry: AuditEntry | undefined): boolean {
    if (loaded.kind === 'found' && this.recognize(loaded.document)) return true;
    if (this.stored === 'empty') {
      if (loaded.kind === 'found') this.follow(loaded.document, entry);
      return true;
    }
    const verdict = reconcile(this.stored ?? this.current, loaded, this.origin());
    switch (verdict.kind) {
      case 'same':
        this.alarm = undefined;
        return true;
      case 'adopt':
        this.follow(verdict.document, entry);
        return true;
      case 'keep':
        this.tellAlarm(verdict.alarm);
        return true;
      case 'reassert':
        return false;
    }
  }

  /** One of those that wait was stored after all, its answer lost. */
  private recognize(document: RolloutDocument): boolean {
    const at = this.waiting.findIndex(({ change }) => isSame(change.document, document));
    if (at === -1) return false;
    this.stored = document;
    this.keep(this.waiting.slice(at + 1));
    void this.storeAll();
    return true;
  }

  /** Goes on from a document that stands in the store; what waits is put on top of it. */
  private follow(document: RolloutDocument, entry: AuditEntry | undefined): void {
    const cause = entry?.action ?? (this.unknowing ? 'start' : 'followed');
    const { waiting, late, document: result } = this.rebased(document);
    for (const { lowering, why } of late) this.late.noteLate(lowering, why, document);
    const waited = this.waiting.length > 0;
    this.stored = document;
    this.alarm = undefined;
    this.keep(waiting);
    const told = result === document ? entry : undefined;
    this.adopt(result, { entry: told, handOver: isRollback(this.current, result), cause });
    if (waited) void this.storeAll();
  }

  private rebased(onto: RolloutDocument): Rebased {
    return rebase(this.waiting, onto, {
      decide: (document, event) => this.parts.decide(document, event, this.nextWriter()),
      reassert: (known, found) => {
        const verdict = reconcile(known, { kind: 'found', document: found }, this.origin());
        return verdict.kind === 'reassert' ? reassertion(verdict) : undefined;
      },
    });
  }

  /**
   * What looks like a store that lost something may be an answer that was overtaken. Only an answer to a question
   * asked from here on counts, and only when nothing was learned while it was on its way.
   */
  private async lookAgain(): Promise<void> {
    if (this.lookingAgain) return;
    this.lookingAgain = true;
    try {
      const { changes } = this;
      const loaded = await this.parts.store.load();
      if (changes !== this.changes || this.closed) return;
      if (this.unknowing && loaded.kind !== 'empty') await this.beginWith(loaded);
      else if (this.unknowing || !this.understand(loaded, undefined)) this.reassert(loaded);
    } catch (error) {
      this.failed('read', error);
    } finally {
      this.lookingAgain = false;
    }
  }

  /** Writes back the lower of what is known and what is there. */
  private reassert(loaded: Loaded): void {
    const known = this.unknowing ? (this.waiting.at(-1)?.change.document ?? this.current) : this.current;
    const verdict = reconcile(known, loaded, this.origin());
    if (verdict.kind !== 'reassert') {
      if (verdict.kind === 'adopt') this.follow(verdict.document, undefined);
      return;
    }
    // They are part of what is written back, but their entries would be missing from the trail.
    for (const { change, event } of this.waiting) if (event) this.late.add(change.entry);
    const change = reassertion(verdict);
    this.stored = loaded.kind === 'found' ? loaded.document : 'empty';
    this.keep([{ change, event: undefined }]);
    const { percentage, reason } = change.document.plan;
    this.parts.observe({ kind: 'plan_reasserted', percentage, reason });
    const handOver = isRollback(this.current, change.document);
    this.adopt(change.document, { entry: change.entry, handOver, cause: change.entry.action });
    void this.storeAll();
  }

  private async storeInOrder(): Promise<boolean> {
    for (let conflicts = 0; conflicts < MOST_CONFLICTS;) {
      const [first] = this.waiting;
      if (!first) return this.allStored();
      const { changes } = this;
      const written = await this.writeFirst(first);
      if (written.kind === 'failed') break;
      if (written.kind === 'written') {
        if (this.waiting[0] !== first) continue;
        this.stored = first.change.document;
        this.keep(this.waiting.slice(1));
      } else {
        conflicts += 1;
        await this.meet(written.seen);
        if (changes === this.changes) break;
      }
    }
    await this.parts.pending?.save(this.waiting);
    this.retryLater();
    return false;
  }

  private writeFirst({ change }: Lowering): Promise<WriteOutcome> {
    if (this.stored === undefined)
      return Promise.resolve({ kind: 'failed', message: 'the store has not answered yet', maybeDone: false });
    return this.write(change, { expected: this.stored });
  }

  private async allStored(): Promise<boolean> {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    await this.parts.pending?.save([]);
    return true;
  }

  private retryLater(): void {
    if (this.closed) return;
    this.cancelRetry ??= this.parts.clock.after(STORE_RETRY_MS, () => {
      this.cancelRetry = undefined;
      void this.storeAll();
    });
  }

  private async write(change: Change, options: WriteOptions): Promise<WriteOutcome> {
    try {
      return await this.parts.store.write(change.document, change.entry, options);
    } catch (error) {
      const maybeDone = error instanceof AppError && error.facts.maybeDone === true;
      return { kind: 'failed', message: this.failed('write', error), maybeDone };
    }
  }

  private failed(operation: 'read' | 'write', error: unknown): string {
    const message = messageOf(error);
    this.parts.observe({ kind: 'store_failed', operation, cause: causeOf(error, 'file'), message });
    return message;
  }

  private tellAlarm(message: string): void {
    if (message === this.alarm) return;
    this.alarm = message;
    this.parts.observe({ kind: 'store_refused', message });
  }

  private giveUp(lowering: Lowering | undefined): void {
    if (!lowering) return;
    this.waiting = this.waiting.slice(1);
    this.late.noteLate(lowering, 'too many changes wait for the store', this.current);
  }

  private keep(waiting: readonly Lowering[]): void {
    this.waiting = waiting;
    this.changes += 1;
  }

  private adopt(document: RolloutDocument, about: Adoption): void {
    this.current = document;
    this.changes += 1;
    this.parts.onDocument(document, about);
  }

  private origin(): Origin {
    return { at: new Date(this.parts.clock.wallNow()).toISOString(), writer: this.nextWriter() };
  }
}

/** Whoever was not latched, or in an earlier generation, has been rolled back. */
function isRollback(before: RolloutDocument, after: RolloutDocument): boolean {
  return isLatched(after) && (!isLatched(before) || after.plan.generation > before.plan.generation);
}

function notStored({ message, maybeDone }: { message: string; maybeDone: boolean }): AppError {
  const consequence = maybeDone
    ? 'it is not known whether the change was stored; it takes effect when it is seen in the store'
    : 'the change could not be stored, so nothing was changed';
  return new AppError('store.unavailable', `${consequence}: ${message}`, { maybeDone });
}

function reassertion({ document, entry }: FirstDocument): Change {
  return { kind: 'change', document, entry, order: 'act_first', handOver: false };
}
