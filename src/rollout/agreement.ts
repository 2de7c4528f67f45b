import { AppError } from '../kernel/errors';
import type { AgreementParts } from './agreement-parts';
import { AgreementReading } from './agreement-reading';
import { AgreementState } from './agreement-state';
import { AgreementWriting } from './agreement-writing';
import type { Change } from './decision';
import type { AuditEntry, RolloutDocument } from './document';
import { restrained } from './first-document';
import type { Lowering } from './lowerings';
import { isSame } from './reconcile';
import { SecondLook } from './second-look';

/**
 * Keeps what this process does and what the store holds in agreement, while others write to the store, and while it is
 * away, forgets, or contradicts what it said before. Whatever it sees by itself, it never acts on more than what
 * somebody stored, and never on more than what it knows to have been lowered since.
 */
export class Agreement {
  private readonly state: AgreementState;
  private readonly reading: AgreementReading;
  private readonly writing: AgreementWriting;

  constructor(private readonly parts: AgreementParts) {
    this.state = new AgreementState(parts);
    this.writing = new AgreementWriting(this.state, (seen) => this.reading.meet(seen));
    this.reading = new AgreementReading(this.state, this.writing, () => secondLook.take());
    const secondLook = new SecondLook(this.state, this.reading, this.writing);
  }

  get document(): RolloutDocument {
    return this.state.document;
  }

  /** The store has not answered since the start. */
  get unknowing(): boolean {
    return this.state.unknowing;
  }

  /** Lowerings in effect that are not stored. */
  get unstored(): number {
    return this.state.waiting.length;
  }

  nextWriter(): string {
    return this.state.nextWriter();
  }

  wroteIt({ writer }: RolloutDocument): boolean {
    return writer.startsWith(`${this.parts.replica}#`);
  }

  /** Asks the store. One that others share may be away: then nothing goes to the new transport until it answers. */
  async open(): Promise<void> {
    const { state, reading } = this;
    const { store, pending } = this.parts;
    const waiting = (await pending?.load()) ?? [];
    const last = waiting.at(-1);
    state.restore(waiting, last && restrained(last.change.document));
    const { changes } = state;
    try {
      await reading.beginWith(await store.load());
    } catch (error) {
      if (!store.shared) throw error;
      state.failed('read', error);
    }
    if (changes === state.changes)
      state.adopt(state.document, { entry: undefined, handOver: false, cause: 'start' });
    store.watch({ seen: (loaded, entry) => reading.seen(loaded, entry) });
  }

  close(): void {
    this.state.closed = true;
    this.writing.close();
  }

  /** Acts now and stores after. False when it could not be stored yet; undefined when the store was ahead of it. */
  async lower(lowering: Lowering): Promise<boolean | undefined> {
    this.state.adoptChange(lowering.change);
    this.writing.add(lowering);
    const done = await this.writing.storeAll();
    return done && lowering.event && this.state.late.has(lowering.event) ? undefined : done;
  }

  /** Stores and acts after. False when something else stood in the store, which is followed by now. */
  async raise(change: Change, fencingToken: number | undefined): Promise<boolean> {
    const { state } = this;
    const base = state.document;
    const written = await this.writing.write(change, { expected: base, fencingToken, inTime: true });
    if (written.kind === 'failed') throw notStored(written);
    if (written.kind === 'conflict') {
      await this.reading.meet(written.seen);
      if (written.seen.kind !== 'refused') return false;
      throw new AppError(
        'store.refused',
        `nothing can be stored over what is not understood: ${written.seen.message}`,
      );
    }
    if (state.document === base) {
      state.stored = change.document;
      state.adoptChange(change);
      return true;
    }
    // Something was lowered in between, on top of what was there before.
    if (state.stored === base) this.reading.follow(change.document, change.entry);
    return isSame(state.document, change.document);
  }

  /** Stores what took effect already, in order. False when that cannot be; then it is tried again later. */
  storeAll(): Promise<boolean> {
    return this.writing.storeAll();
  }

  /** Writes down what changed nothing, now or when the store answers. */
  record(entry: AuditEntry): void {
    this.state.late.add(entry);
  }
}

function notStored({ message, maybeDone }: { message: string; maybeDone: boolean }): AppError {
  const consequence = maybeDone
    ? 'it is not known whether the change was stored; it takes effect when it is seen in the store'
    : 'the change could not be stored, so nothing was changed';
  return new AppError('store.unavailable', `${consequence}: ${message}`, { maybeDone });
}
