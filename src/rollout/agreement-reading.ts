import { AppError } from '../kernel/errors';
import { isRollback, type AgreementState } from './agreement-state';
import type { AgreementWriting } from './agreement-writing';
import type { Change } from './decision';
import type { AuditEntry, RolloutDocument } from './document';
import { refusedDocument, seededDocument, type FirstDocument } from './first-document';
import { rebase, type Rebased } from './lowerings';
import type { Loaded } from './plan-store';
import { isSame, reconcile } from './reconcile';

/** The half of an agreement that reads: it follows what others have stored, where that contradicts nothing. */
export class AgreementReading {
  /** Lost its memory to something that was not to be believed: then an empty store is no reason to begin with a seed. */
  private refusedAtFirst: string | undefined;

  constructor(
    private readonly state: AgreementState,
    private readonly writing: AgreementWriting,
    /** Asks the store again, because what it said cannot be. */
    private readonly lookAgain: () => Promise<void>,
  ) {}

  /** What stands in the store by a poll or a message. */
  seen(loaded: Loaded, entry: AuditEntry | undefined): void {
    const { state } = this;
    if (state.closed) return;
    state.late.flush();
    if (state.unknowing) void this.beginWith(loaded);
    else if (!this.understand(loaded, entry)) void this.lookAgain();
  }

  /** What stands in the store by the answer to a write. */
  async meet(loaded: Loaded): Promise<void> {
    if (!this.understand(loaded, undefined)) await this.lookAgain();
  }

  /** The first answer of the store: whatever it is, this process knew nothing better. */
  async beginWith(loaded: Loaded): Promise<void> {
    switch (loaded.kind) {
      case 'found':
        this.recognize(loaded.document);
        this.follow(loaded.document, undefined);
        return;
      case 'refused':
        return this.beginRefused(loaded.message);
      case 'empty':
        return this.state.waiting.length > 0 ? this.lookAgain() : this.beginEmpty();
    }
  }

  /** Follows what others have stored, where it contradicts nothing. False when it does. */
  understand(loaded: Loaded, entry: AuditEntry | undefined): boolean {
    const { state } = this;
    if (loaded.kind === 'found' && this.recognize(loaded.document)) return true;
    if (state.stored === 'empty') {
      if (loaded.kind === 'found') this.follow(loaded.document, entry);
      return true;
    }
    const verdict = reconcile(state.stored ?? state.document, loaded, state.origin());
    switch (verdict.kind) {
      case 'same':
        state.believe();
        return true;
      case 'adopt':
        this.follow(verdict.document, entry);
        return true;
      case 'keep':
        state.refuse(verdict.alarm);
        return true;
      case 'reassert':
        return false;
    }
  }

  /** Goes on from a document that stands in the store; what waits is put on top of it. */
  follow(document: RolloutDocument, entry: AuditEntry | undefined): void {
    const { state } = this;
    const cause = entry?.action ?? (state.unknowing ? 'start' : 'followed');
    const { waiting, late, document: result } = this.rebased(document);
    for (const { lowering, why } of late) state.late.noteLate(lowering, why, document);
    const waited = state.waiting.length > 0;
    state.stored = document;
    state.believe();
    state.keep(waiting);
    const told = result === document ? entry : undefined;
    state.adopt(result, { entry: told, handOver: isRollback(state.document, result), cause });
    if (waited) void this.writing.storeAll();
  }

  private async beginEmpty(): Promise<void> {
    const { state } = this;
    const { first } = state.parts;
    const reason = this.refusedAtFirst;
    const begun =
      reason === undefined
        ? seededDocument(first, state.origin())
        : refusedDocument(first, state.origin(), reason);
    await this.begin(begun, 'empty');
  }

  /** A store of our own is written anew; one that others share is theirs to repair. */
  private async beginRefused(message: string): Promise<void> {
    const { state } = this;
    const begun = refusedDocument(state.parts.first, state.origin(), message);
    this.refusedAtFirst = message;
    state.refuse(message);
    if (!state.parts.store.shared) return this.begin(begun, 'anything');
    if (state.document.plan.reason !== message && state.waiting.length === 0)
      state.adopt(begun.document, { entry: undefined, handOver: false, cause: 'store_refused' });
  }

  private async begin({ document, entry }: FirstDocument, expected: 'empty' | 'anything'): Promise<void> {
    const { state } = this;
    const change: Change = { kind: 'change', document, entry, order: 'persist_first', handOver: false };
    const written = await this.writing.write(change, { expected });
    if (!state.unknowing) return;
    if (written.kind === 'failed' && !state.parts.store.shared)
      throw new AppError('store.unavailable', written.message);
    if (written.kind === 'written') this.follow(document, entry);
    else if (written.kind === 'conflict' && written.seen.kind === 'found')
      this.follow(written.seen.document, undefined);
  }

  /** One of those that wait was stored after all, its answer lost. */
  private recognize(document: RolloutDocument): boolean {
    const { state } = this;
    const at = state.waiting.findIndex(({ change }) => isSame(change.document, document));
    if (at === -1) return false;
    state.stored = document;
    state.keep(state.waiting.slice(at + 1));
    void this.writing.storeAll();
    return true;
  }

  private rebased(onto: RolloutDocument): Rebased {
    const { state } = this;
    return rebase(state.waiting, onto, {
      decide: (document, event) => state.parts.decide(document, event, state.nextWriter()),
      reassert: (known, found) => {
        const verdict = reconcile(known, { kind: 'found', document: found }, state.origin());
        return verdict.kind === 'reassert' ? reassertion(verdict) : undefined;
      },
    });
  }
}

export function reassertion({ document, entry }: FirstDocument): Change {
  return { kind: 'change', document, entry, order: 'act_first', handOver: false };
}
