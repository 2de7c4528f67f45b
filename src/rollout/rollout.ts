import type { Cancel, Clock } from '../kernel/clock';
import { AppError } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { Agreement } from './agreement';
import type { Adoption, AgreementParts, Decide } from './agreement-parts';
import type { Change, RolloutDecision } from './decision';
import { isLatched, type AuditEntry, type RolloutDocument } from './document';
import type { RolloutEvent } from './event';
import type { PlanStore, StoreHealth } from './plan-store';

/** An event without the time, which the rollout gives it. */
export type Wished = RolloutEvent extends infer Event
  ? Event extends RolloutEvent
    ? Omit<Event, 'at'>
    : never
  : never;

export interface RolloutParts extends Omit<AgreementParts, 'onDocument'> {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly store: PlanStore;
  readonly decide: Decide;
  /** Makes routing follow the document. Synchronous: it is in effect when this returns. */
  readonly act: (document: RolloutDocument, handOver: boolean) => void;
}

export interface Applied {
  readonly document: RolloutDocument;
  /** Set when nothing was changed. */
  readonly unchanged?: string;
}

/** Another document is in effect. */
export interface RolloutChange {
  readonly document: RolloutDocument;
  /** Who, why, and what was before; undefined when all that is known is that it stands in the store. */
  readonly entry: AuditEntry | undefined;
  /** This process made it. */
  readonly own: boolean;
}

/** What a caller can know of how well this process and the store agree. */
export interface RolloutStore extends StoreHealth {
  /** The store has not answered since the start: nothing goes to the new transport. */
  readonly unknowing: boolean;
  /** Changes in effect here that are not stored. */
  readonly waiting: number;
}

/**
 * Performs what `decide` decides, in its order: what lowers acts at once and is stored after, what raises is stored
 * first. A store that fails can neither delay safety nor invent exposure (design promise 8).
 */
export class Rollout {
  private readonly agreement: Agreement;
  private readonly listeners = new Set<(change: RolloutChange) => void>();
  private raise: Promise<unknown> = Promise.resolve();
  /** How many changes acted first. A raise that was asked for before the last of them is out of date. */
  private lowerings = 0;

  constructor(private readonly parts: RolloutParts) {
    this.agreement = new Agreement({
      ...parts,
      onDocument: (document, about) => this.inEffect(document, about),
    });
  }

  get document(): RolloutDocument {
    return this.agreement.document;
  }

  get store(): RolloutStore {
    const { unknowing, unstored: waiting } = this.agreement;
    return { ...this.parts.store.health, unknowing, waiting };
  }

  /** Resolves when the store has answered, or will not for now. Rejects when a store of our own cannot be used. */
  open(): Promise<void> {
    return this.agreement.open();
  }

  /** Calls back whenever another document is in effect, after it is. */
  onChange(listener: (change: RolloutChange) => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Audit entries, newest first. */
  history(limit: number): Promise<readonly AuditEntry[]> {
    return this.parts.store.history(limit);
  }

  /** Resolves when all that took effect is stored; rejects when it cannot be for now. */
  async stored(): Promise<void> {
    if (this.agreement.unstored > 0 && !(await this.agreement.storeAll()))
      throw unavailable('what took effect here could not be stored yet');
  }

  /**
   * Rejects with an AppError when the wish is refused or could not be stored. `fencingToken`: of the lease under which
   * it was made up; a store that has seen a higher one takes no raise.
   */
  async apply(wished: Wished, fencingToken?: number): Promise<Applied> {
    const event: RolloutEvent = { ...wished, at: new Date(this.parts.clock.wallNow()).toISOString() };
    const decision = this.decide(event);
    if (decision.kind === 'change' && decision.order === 'act_first') return this.lower(event, decision);
    const { lowerings } = this;
    const done = this.raise.then(() => this.inTurn({ event, lowerings, fencingToken }));
    this.raise = done.catch(() => {});
    return done;
  }

  /** Stops trying to store, and following what others store. */
  close(): Promise<void> {
    this.agreement.close();
    return this.parts.store.close();
  }

  /** Raises wait for each other, so each is decided on what the one before has left. */
  private async inTurn({ event, lowerings, fencingToken }: Turn): Promise<Applied> {
    // A raise is decided on a revision that the store knows.
    if (this.agreement.unstored > 0 && !(await this.agreement.storeAll()))
      throw unavailable(
        'an earlier change waits to be stored, so nothing can be raised: see to the store first',
      );
    const decision = this.decide(event);
    switch (decision.kind) {
      case 'refused':
        throw decision.error;
      case 'unchanged':
        return this.unchanged(decision.why);
      case 'dropped':
        this.agreement.record(decision.entry);
        return this.unchanged(decision.why);
      case 'change':
        if (decision.order === 'act_first') return this.lower(event, decision);
        if (lowerings !== this.lowerings) throw this.overtaken();
        return this.persistFirst(decision, fencingToken);
    }
  }

  private decide(event: RolloutEvent): RolloutDecision {
    return this.parts.decide(this.document, event, this.agreement.nextWriter());
  }

  private async persistFirst(change: Change, fencingToken: number | undefined): Promise<Applied> {
    if (this.agreement.unknowing)
      throw unavailable('the store has not answered since the start, so nothing can be raised');
    if (!(await this.agreement.raise(change, fencingToken))) throw this.overtaken();
    return { document: this.document };
  }

  private overtaken(): AppError {
    const { setBy, revision, percentage, reason } = this.document.plan;
    const sentence = `the rollout was changed in the meantime: ${setBy} made revision ${revision} (${percentage} %) because "${reason}"`;
    return new AppError('revision.mismatch', sentence, { current: this.document });
  }

  private async lower(event: RolloutEvent, change: Change): Promise<Applied> {
    this.lowerings += 1;
    const done = await this.agreement.lower({ change, event: this.aboutThis(event) });
    if (done === false) throw unavailable(`${LOWERED_ONLY}${this.parts.store.shared ? NOT_ELSEWHERE : ''}`);
    return done === undefined ? this.unchanged('the store was ahead of it') : { document: this.document };
  }

  /**
   * Decided again later it must not hit a ramp that began after it. A process that knew no generation when it was
   * wished leaves that open.
   */
  private aboutThis(event: RolloutEvent): RolloutEvent {
    const { expectedRevision: _, ...rest } = event;
    if (rest.kind !== 'rollback' && rest.kind !== 'pause') return rest;
    const generation = this.agreement.unknowing ? rest.generation : this.document.plan.generation;
    return { ...rest, generation };
  }

  private unchanged(why: string): Applied {
    return { document: this.document, unchanged: why };
  }

  private inEffect(document: RolloutDocument, { entry, handOver, cause }: Adoption): void {
    this.parts.act(document, handOver);
    const { percentage, revision, generation, setBy, reason } = document.plan;
    this.parts.observe({ kind: 'plan_changed', percentage, revision, generation, setBy, reason, cause });
    const change = { document, entry, own: this.agreement.wroteIt(document) };
    for (const listener of this.listeners) {
      try {
        listener(change);
      } catch (error) {
        this.parts.observe({ kind: 'listener_failed', error });
      }
    }
  }
}

const LOWERED_ONLY = 'it took effect here but could not be stored yet; storing is tried again every second';
const NOT_ELSEWHERE =
  '; the other replicas hear of it when the store answers, so ask each of them for it by its own address';

interface Turn {
  readonly event: RolloutEvent;
  readonly lowerings: number;
  readonly fencingToken: number | undefined;
}

function unavailable(message: string): AppError {
  return new AppError('store.unavailable', message);
}

/** What routing needs of a document. */
export function routedOf(document: RolloutDocument): { plan: RolloutDocument['plan']; latched: boolean } {
  return { plan: document.plan, latched: isLatched(document) };
}
