import { NO_TIMER, type Clock } from '../kernel/clock';
import type { Duplex } from '../link/duplex';
import type { Pressure } from './pressure';

export interface PipeParts {
  readonly from: Duplex;
  readonly to: Duplex;
  readonly clock: Clock;
  /** What to do with the next read. */
  readonly pressure: (read: Uint8Array, reads: number) => Pressure;
}

/** Why the pipe reads nothing: the receiver is slow, the capture file is, or a backpressure mode wants it. */
export type Hold = 'receiver' | 'file' | 'mode';

/** One direction of a relayed connection: every byte in order, and never more of them in memory than a bound. */
export class Pipe {
  private readonly holds = new Set<Hold>();
  private delayed: Uint8Array[] = [];
  private cancel = NO_TIMER;
  private reads = 0;

  constructor(private readonly parts: PipeParts) {}

  /** A read of the sender. */
  take(read: Uint8Array): void {
    this.reads += 1;
    const pressure = this.parts.pressure(read, this.reads);
    if (pressure.kind === 'delay' || this.delayed.length > 0) this.delayed.push(read);
    else this.forward(read);
    if (pressure.kind !== 'none') this.holdFor(pressure.forMs);
  }

  forward(bytes: Uint8Array): void {
    const { to } = this.parts;
    to.write(bytes);
    // Only what is not writable is sure to say when it drained.
    if (!to.writable) this.hold('receiver');
  }

  /** The receiver has taken what it was given. */
  drained(): void {
    this.release('receiver');
  }

  hold(why: Hold): void {
    if (this.holds.size === 0) this.parts.from.pause();
    this.holds.add(why);
  }

  release(why: Hold): void {
    if (this.holds.delete(why) && this.holds.size === 0) this.parts.from.resume();
  }

  /** Forwards at once what is held back, and leaves no timer. */
  finish(): void {
    this.cancel();
    this.forwardDelayed();
  }

  private holdFor(ms: number): void {
    this.hold('mode');
    this.cancel();
    this.cancel = this.parts.clock.after(ms, () => {
      this.forwardDelayed();
      this.release('mode');
    });
  }

  private forwardDelayed(): void {
    const { delayed } = this;
    this.delayed = [];
    for (const read of delayed) this.forward(read);
  }
}
