import type { LinkEndReason } from '../../src/kernel/facts';
import type { Duplex } from '../../src/link/duplex';

/** Listens to a duplex and keeps what it hears. */
export class RecordingDuplex {
  readonly bytes: number[] = [];
  readonly endings: LinkEndReason[] = [];
  /** Resolves when the duplex is closed. */
  readonly closed: Promise<LinkEndReason>;
  private readonly waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];
  private drains = 0;

  constructor(readonly duplex: Duplex) {
    this.closed = new Promise((resolve) => {
      duplex.attach({
        data: (chunk) => {
          this.bytes.push(...chunk);
          this.wake();
        },
        drained: () => {
          this.drains += 1;
          this.wake();
        },
        closed: (reason) => {
          this.endings.push(reason);
          resolve(reason);
        },
      });
    });
  }

  /** Resolves when this many bytes have come in all. */
  async received(count: number): Promise<void> {
    await this.until(() => this.bytes.length >= count);
  }

  async drained(): Promise<void> {
    await this.until(() => this.drains > 0);
  }

  private until(isMet: () => boolean): Promise<void> {
    if (isMet()) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ isMet, resolve }));
  }

  private wake(): void {
    for (const { isMet, resolve } of this.waiting) if (isMet()) resolve();
  }
}

/** Takes what a listener or a dialler hands over, in order, as often as it is asked. */
export class Arrivals {
  private readonly arrived: RecordingDuplex[] = [];
  private readonly waiting: ((duplex: RecordingDuplex) => void)[] = [];

  readonly take = (duplex: Duplex): void => {
    const recording = new RecordingDuplex(duplex);
    const next = this.waiting.shift();
    if (next) next(recording);
    else this.arrived.push(recording);
  };

  /** How many came that nobody asked for. */
  get left(): number {
    return this.arrived.length;
  }

  next(): Promise<RecordingDuplex> {
    const first = this.arrived.shift();
    return first ? Promise.resolve(first) : new Promise((resolve) => this.waiting.push(resolve));
  }
}
