import { AppError } from '../../src/kernel/errors';
import type { RolloutDocument } from '../../src/rollout/document';
import type {
  Loaded,
  PlanStore,
  StoreHealth,
  StoreListener,
  WriteOptions,
  Written,
} from '../../src/rollout/plan-store';
import { isSame } from '../../src/rollout/reconcile';

/** Late: nobody waits for it any more, and it arrives all the same. */
export type Fate = 'arrives' | 'is lost' | 'is late';

interface Question {
  /** Done at the store; gives the answer. */
  readonly ask: () => () => void;
  readonly giveUp: () => void;
  /** The store does not do it once it was given up. */
  readonly inTime: boolean;
  givenUp: boolean;
}

interface Answer {
  readonly deliver: () => void;
  readonly lose: () => void;
}

/**
 * One store with compare-and-set, and processes that are badly connected to it. Nothing that is asked or told arrives
 * by itself: the test lets each piece arrive, loses it or leaves it for later, in any order.
 */
export class UnreliablePlans {
  /** All that ever stood there, in order. */
  readonly everStored: RolloutDocument[] = [];
  document: RolloutDocument | undefined;
  private readonly questions: Question[] = [];
  private readonly answers: Answer[] = [];
  private readonly messages: (() => void)[] = [];
  private readonly listeners = new Set<StoreListener>();

  constructor(first: RolloutDocument) {
    this.keep(first);
  }

  /** The store as one process has it. */
  connection(): PlanStore {
    return {
      shared: true,
      health: HEALTHY,
      load: () => this.travel(() => this.loaded()),
      write: (document, _entry, options) => this.travel(() => this.write(document, options), options.inTime),
      record: () => Promise.resolve(),
      history: () => Promise.resolve([]),
      watch: (listener) => void this.listeners.add(listener),
      claim: () => Promise.resolve(true),
      close: () => Promise.resolve(),
    };
  }

  get isQuiet(): boolean {
    return this.questions.length + this.answers.length + this.messages.length === 0;
  }

  /** What stands there now is told to everybody, sooner or later. */
  poll(): void {
    for (const listener of this.listeners) this.tell(listener);
  }

  /** A failover to a server that has not had the last writes; without `which`, to one that has nothing. */
  forget(which: number | undefined): void {
    this.document = which === undefined ? undefined : this.everStored[which % this.everStored.length];
  }

  moveQuestion(which: number, fate: Fate): void {
    const at = which % this.questions.length;
    const question = this.questions[at];
    if (!question) return;
    if (fate !== 'is late') this.questions.splice(at, 1);
    if (fate !== 'arrives') {
      question.givenUp = true;
      question.giveUp();
    } else if (!question.givenUp || !question.inTime) {
      this.answers.push({ deliver: question.ask(), lose: question.giveUp });
    }
  }

  moveAnswer(which: number, fate: Fate): void {
    if (fate === 'is late' || this.answers.length === 0) return;
    const [answer] = this.answers.splice(which % this.answers.length, 1);
    if (fate === 'arrives') answer?.deliver();
    else answer?.lose();
  }

  moveMessage(which: number, fate: Fate): void {
    if (fate === 'is late' || this.messages.length === 0) return;
    const [message] = this.messages.splice(which % this.messages.length, 1);
    if (fate === 'arrives') message?.();
  }

  private travel<T>(deed: () => T, inTime = false): Promise<T> {
    return new Promise((resolve, reject) => {
      this.questions.push({
        ask: () => {
          const answer = deed();
          return () => resolve(answer);
        },
        giveUp: () => reject(new AppError('store.unavailable', 'no answer in time', { maybeDone: true })),
        inTime,
        givenUp: false,
      });
    });
  }

  private loaded(): Loaded {
    return this.document ? { kind: 'found', document: this.document } : { kind: 'empty' };
  }

  private write(document: RolloutDocument, { expected }: WriteOptions): Written {
    if (this.document && isSame(this.document, document)) return { kind: 'written' };
    if (!this.isExpected(expected)) return { kind: 'conflict', seen: this.loaded() };
    this.keep(document);
    for (const listener of this.listeners) this.tell(listener);
    return { kind: 'written' };
  }

  private isExpected(expected: WriteOptions['expected']): boolean {
    if (expected === 'anything') return true;
    if (expected === 'empty' || !this.document) return expected === 'empty' && !this.document;
    return isSame(expected, this.document);
  }

  private keep(document: RolloutDocument): void {
    this.document = document;
    this.everStored.push(document);
  }

  private tell(listener: StoreListener): void {
    const loaded = this.loaded();
    this.messages.push(() => listener.seen(loaded, undefined));
  }
}

const HEALTHY: StoreHealth = { kind: 'redis', up: true, trouble: undefined, ageMs: 0, refused: undefined };
