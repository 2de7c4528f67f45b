import type { Cancel, Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { decide } from './decide';
import type { Change, RolloutContext, RolloutDecision } from './decision';
import type { RolloutEvent } from './event';
import { isLatched, type AuditEntry, type RolloutDocument } from './document';
import type { PlanStore, Written } from './plan-store';

/** An event without the time, which the rollout gives it. */
export type Wished = RolloutEvent extends infer Event
  ? Event extends RolloutEvent
    ? Omit<Event, 'at'>
    : never
  : never;

export interface RolloutParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly store: PlanStore;
  readonly context: RolloutContext;
  /** Makes routing follow the document. Synchronous: it is in effect when this returns. */
  readonly act: (document: RolloutDocument, handOver: boolean) => void;
}

export interface Applied {
  readonly document: RolloutDocument;
  /** Set when nothing was changed. */
  readonly unchanged?: string;
}

/** Pause between tries to store what took effect before it could be stored. */
const STORE_RETRY_MS = 1000;

/**
 * Performs what `decide` decides, in its order: what lowers acts at once and is stored after, what raises is stored
 * first. A store that fails can neither delay safety nor invent exposure (design promise 8).
 */
export class Rollout {
  private raise: Promise<unknown> = Promise.resolve();
  private unstored: Change[] = [];
  private storing: Promise<boolean> = Promise.resolve(true);
  private cancelRetry: Cancel | undefined;
  private closed = false;
  /** How many changes acted first. A raise that was asked for before the last of them is out of date. */
  private lowerings = 0;

  constructor(
    private current: RolloutDocument,
    private readonly parts: RolloutParts,
  ) {}

  get document(): RolloutDocument {
    return this.current;
  }

  /** Audit entries, newest first. */
  history(limit: number): Promise<readonly AuditEntry[]> {
    return this.parts.store.history(limit);
  }

  /** Rejects with an AppError when the wish is refused or could not be stored. */
  async apply(wished: Wished): Promise<Applied> {
    const event: RolloutEvent = { ...wished, at: new Date(this.parts.clock.wallNow()).toISOString() };
    const decision = this.decide(event);
    if (decision.kind === 'change' && decision.order === 'act_first') return this.lower(decision);
    const { lowerings } = this;
    const done = this.raise.then(() => this.inTurn(event, lowerings));
    this.raise = done.catch(() => {});
    return done;
  }

  /** Stops trying to store. */
  close(): void {
    this.closed = true;
    this.cancelRetry?.();
  }

  /** Raises wait for each other, so each is decided on what the one before has left. */
  private async inTurn(event: RolloutEvent, lowerings: number): Promise<Applied> {
    // A raise is decided on a revision that the store knows.
    if (this.unstored.length > 0 && !(await this.storeAll()))
      throw unavailable('an earlier change waits to be stored');
    const decision = this.decide(event);
    switch (decision.kind) {
      case 'refused':
        throw decision.error;
      case 'unchanged':
        return { document: this.current, unchanged: decision.why };
      case 'dropped':
        await this.parts.store.record(decision.entry);
        return { document: this.current, unchanged: decision.why };
      case 'change':
        if (decision.order === 'act_first') return this.lower(decision);
        if (lowerings !== this.lowerings) throw this.overtaken();
        return this.persistFirst(decision);
    }
  }

  private decide(event: RolloutEvent): RolloutDecision {
    return decide(this.current, event, this.parts.context);
  }

  private async persistFirst(change: Change): Promise<Applied> {
    const base = this.current;
    const written = await this.write(change);
    if (written.kind === 'failed')
      throw unavailable(`the change could not be stored, so nothing was changed: ${written.message}`);
    if (written.kind === 'conflict' || this.current !== base) throw this.overtaken();
    this.adopt(change);
    return { document: this.current };
  }

  private overtaken(): AppError {
    return new AppError('revision.mismatch', 'the rollout was changed by somebody else in the meantime', {
      current: this.current,
    });
  }

  private async lower(change: Change): Promise<Applied> {
    this.lowerings += 1;
    this.adopt(change);
    this.unstored.push(change);
    if (!(await this.storeAll())) {
      throw unavailable(
        'it took effect here but could not be stored yet; storing is tried again every second',
      );
    }
    return { document: this.current };
  }

  /** Stores what took effect already, in order. False when the store fails; then it is tried again later. */
  private storeAll(): Promise<boolean> {
    this.storing = this.storing.then(() => this.storeInOrder());
    return this.storing;
  }

  private async storeInOrder(): Promise<boolean> {
    for (let change = this.unstored[0]; change !== undefined; change = this.unstored[0]) {
      const written = await this.write(change);
      if (written.kind === 'failed') {
        this.retryLater();
        return false;
      }
      if (written.kind === 'written') this.unstored.shift();
      else if (written.seen.kind === 'found')
        this.rebase(written.seen.document.plan.revision + 1 - change.document.plan.revision);
    }
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    return true;
  }

  private retryLater(): void {
    if (this.closed) return;
    this.cancelRetry ??= this.parts.clock.after(STORE_RETRY_MS, () => {
      this.cancelRetry = undefined;
      void this.storeAll();
    });
  }

  /** A raise was stored in between: the lowerings that wait go on top of it. */
  private rebase(by: number): void {
    this.unstored = this.unstored.map((change) => {
      const rebased = withRevision(change, change.document.plan.revision + by);
      // What was in flight has been handed over already, and its time must not begin again.
      if (this.current === change.document) this.adopt({ ...rebased, handOver: false });
      return rebased;
    });
  }

  private async write(
    change: Change,
  ): Promise<Written | { readonly kind: 'failed'; readonly message: string }> {
    try {
      return await this.parts.store.write(change.document, change.entry, { expected: 'anything' });
    } catch (error) {
      const message = messageOf(error);
      this.parts.observe({ kind: 'store_failed', operation: 'write', message });
      return { kind: 'failed', message };
    }
  }

  private adopt(change: Change): void {
    this.current = change.document;
    this.parts.act(change.document, change.handOver);
    const { percentage, revision, generation } = change.document.plan;
    const { by: setBy, reason, action: cause } = change.entry;
    this.parts.observe({ kind: 'plan_changed', percentage, revision, generation, setBy, reason, cause });
  }
}

function unavailable(message: string): AppError {
  return new AppError('store.unavailable', message);
}

function withRevision(change: Change, revision: number): Change {
  const plan = { ...change.document.plan, revision };
  return {
    ...change,
    document: { ...change.document, plan },
    entry: { ...change.entry, after: { ...change.entry.after, revision } },
  };
}

/** What routing needs of a document. */
export function routedOf(document: RolloutDocument): { plan: RolloutDocument['plan']; latched: boolean } {
  return { plan: document.plan, latched: isLatched(document) };
}
