import { NO_TIMER, type Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import type { Duplex } from '../link/duplex';
import type { AttemptOutcome, ToggleObserver } from './toggle-fact';

/** What is wanted of which device. */
export interface ToggleWish {
  readonly deviceId: string;
  readonly on: boolean;
  /** A mesh node; the device's own by default. */
  readonly node?: number;
}

/** What one conversation with a device is made from. */
export interface DialogueParts {
  readonly wish: ToggleWish;
  /** New with each attempt. */
  readonly messageId: string;
  readonly duplex: Duplex;
  readonly clock: Clock;
  readonly random: Random;
  /** The longest silence of the device while something of it is awaited. */
  readonly ioTimeoutMs: number;
  readonly observe: ToggleObserver;
}

/** One way to talk to a device about its power: from the open connection to the outcome. */
export interface Framing {
  newMessageId(random: Random): string;
  converse(parts: DialogueParts): Promise<AttemptOutcome>;
}

/** The end of a conversation, whichever comes first: settled by what was said, by silence, or by a closed connection. */
export class Settlement {
  readonly outcome: Promise<AttemptOutcome>;
  isOver = false;
  private resolve: (outcome: AttemptOutcome) => void = () => {};
  private cancel = NO_TIMER;

  constructor(private readonly parts: DialogueParts) {
    this.outcome = new Promise((resolve) => (this.resolve = resolve));
  }

  settle(outcome: AttemptOutcome): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancel();
    this.parts.duplex.close('shutdown');
    this.resolve(outcome);
  }

  /** From here on `what` is awaited; its time begins now. */
  await(what: string): void {
    const { clock, ioTimeoutMs } = this.parts;
    this.cancel();
    if (!this.isOver)
      this.cancel = clock.after(ioTimeoutMs, () =>
        this.nothing(`${what} did not come within ${ioTimeoutMs} ms`),
      );
  }

  /** Nothing will come any more. */
  nothing(why: string): void {
    if (this.isOver) return;
    const { messageId, observe, ioTimeoutMs } = this.parts;
    observe({
      kind: 'packet',
      direction: 'recv',
      outcome: 'timeout',
      messageId,
      hex: '',
      elapsedMs: ioTimeoutMs,
      isAnswer: false,
    });
    this.settle({ kind: 'timeout', why });
  }
}
