import type { Cancel } from '../kernel/clock';
import { AppError } from '../kernel/errors';
import type { AgreementState } from './agreement-state';
import type { Change } from './decision';
import type { Lowering } from './lowerings';
import type { Loaded, WriteOptions, Written } from './plan-store';

export type WriteOutcome =
  Written | { readonly kind: 'failed'; readonly message: string; readonly maybeDone: boolean };

/** Pause between tries to store what took effect before it could be stored. */
const STORE_RETRY_MS = 1000;
/** Others may be quicker this often in a row; then it is tried again later. */
const MOST_CONFLICTS = 20;
/** Lowerings that wait for the store; beyond it the oldest is given up, for each of them was followed by a lower one. */
const MOST_WAITING = 100;

/** The half of an agreement that writes: what took effect already gets into the store, in order, whatever it takes. */
export class AgreementWriting {
  private storing: Promise<boolean> = Promise.resolve(true);
  private cancelRetry: Cancel | undefined;

  constructor(
    private readonly state: AgreementState,
    /** Told what stands in the store instead of what was expected there. */
    private readonly meet: (seen: Loaded) => Promise<void>,
  ) {}

  /** Puts a lowering, which is in effect, at the end of what waits. */
  add(lowering: Lowering): void {
    if (this.state.waiting.length >= MOST_WAITING) this.giveUpOldest();
    this.state.keep([...this.state.waiting, lowering]);
  }

  /** Stores what took effect already, in order. False when that cannot be; then it is tried again later. */
  storeAll(): Promise<boolean> {
    this.storing = this.storing.then(() => this.storeInOrder());
    return this.storing;
  }

  async write({ document, entry }: Change, options: WriteOptions): Promise<WriteOutcome> {
    try {
      return await this.state.parts.store.write(document, entry, options);
    } catch (error) {
      const maybeDone = error instanceof AppError && error.facts.maybeDone === true;
      return { kind: 'failed', message: this.state.failed('write', error), maybeDone };
    }
  }

  close(): void {
    this.cancelRetry?.();
  }

  private async storeInOrder(): Promise<boolean> {
    const { state } = this;
    for (let conflicts = 0; conflicts < MOST_CONFLICTS;) {
      const [first] = state.waiting;
      if (!first) return this.allStored();
      const { changes } = state;
      const written = await this.writeFirst(first);
      if (written.kind === 'failed') break;
      if (written.kind === 'written') {
        if (state.waiting[0] !== first) continue;
        state.stored = first.change.document;
        state.keep(state.waiting.slice(1));
      } else {
        conflicts += 1;
        await this.meet(written.seen);
        if (changes === state.changes) break;
      }
    }
    await state.parts.pending?.save(state.waiting);
    this.retryLater();
    return false;
  }

  private writeFirst({ change }: Lowering): Promise<WriteOutcome> {
    const { stored } = this.state;
    if (stored === undefined)
      return Promise.resolve({ kind: 'failed', message: 'the store has not answered yet', maybeDone: false });
    return this.write(change, { expected: stored });
  }

  private async allStored(): Promise<boolean> {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    await this.state.parts.pending?.save([]);
    return true;
  }

  private retryLater(): void {
    if (this.state.closed) return;
    this.cancelRetry ??= this.state.parts.clock.after(STORE_RETRY_MS, () => {
      this.cancelRetry = undefined;
      void this.storeAll();
    });
  }

  private giveUpOldest(): void {
    const { state } = this;
    const [oldest, ...rest] = state.waiting;
    if (!oldest) return;
    state.keep(rest);
    state.late.noteLate(oldest, 'too many changes wait for the store', state.document);
  }
}
