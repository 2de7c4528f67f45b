import { messageOf } from '../kernel/errors';
import { causeOf } from '../store/store-cause';
import type { Adoption, AgreementParts } from './agreement-parts';
import type { Change } from './decision';
import { isLatched, type RolloutDocument } from './document';
import { unknowingDocument, type Origin } from './first-document';
import { LateEntries } from './late-entries';
import type { Lowering } from './lowerings';

/** What a process knows of its agreement with the store; all that one half of it changes, the other sees at once. */
export class AgreementState {
  /** What the store is believed to hold; undefined as long as it has not answered. */
  stored: RolloutDocument | 'empty' | undefined;
  closed = false;
  readonly late: LateEntries;
  /** In effect. What waits is part of it. */
  private current: RolloutDocument;
  private lowerings: readonly Lowering[] = [];
  private changed = 0;
  private documents = 0;
  private alarm: string | undefined;

  constructor(readonly parts: AgreementParts) {
    this.current = unknowingDocument(parts.first, this.origin());
    this.late = new LateEntries(parts.store, parts.observe);
  }

  get document(): RolloutDocument {
    return this.current;
  }

  /** In effect and not stored, in order. */
  get waiting(): readonly Lowering[] {
    return this.lowerings;
  }

  /** Counts what was learned or done, so that an answer to an earlier question is known to be out of date. */
  get changes(): number {
    return this.changed;
  }

  /** The store has not answered since the start. */
  get unknowing(): boolean {
    return this.stored === undefined;
  }

  /** Before the store was asked: what a former life of this process left to be stored, and what is in effect by it. */
  restore(waiting: readonly Lowering[], document: RolloutDocument | undefined): void {
    this.lowerings = waiting;
    this.current = document ?? this.current;
  }

  adopt(document: RolloutDocument, about: Adoption): void {
    this.current = document;
    this.changed += 1;
    this.parts.onDocument(document, about);
  }

  adoptChange({ document, entry, handOver }: Change): void {
    this.adopt(document, { entry, handOver, cause: entry.action });
  }

  keep(waiting: readonly Lowering[]): void {
    this.lowerings = waiting;
    this.changed += 1;
  }

  origin(): Origin {
    return { at: new Date(this.parts.clock.wallNow()).toISOString(), writer: this.nextWriter() };
  }

  /** Signs the next document. No two documents of a process share a name, so none is taken for another. */
  nextWriter(): string {
    this.documents += 1;
    return `${this.parts.replica}#${this.documents}`;
  }

  /** What the store said. */
  failed(operation: 'read' | 'write', error: unknown): string {
    const message = messageOf(error);
    this.parts.observe({ kind: 'store_failed', operation, cause: causeOf(error, 'file'), message });
    return message;
  }

  /** Told once, until the store is to be believed again. */
  refuse(message: string): void {
    if (message === this.alarm) return;
    this.alarm = message;
    this.parts.observe({ kind: 'store_refused', message });
  }

  believe(): void {
    this.alarm = undefined;
  }
}

/** Whoever was not latched, or in an earlier generation, has been rolled back. */
export function isRollback(before: RolloutDocument, after: RolloutDocument): boolean {
  return isLatched(after) && (!isLatched(before) || after.plan.generation > before.plan.generation);
}
