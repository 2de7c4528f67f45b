import type { Cancel } from '../../src/kernel/clock';
import { ManualClock } from '../../src/kernel/manual-clock';

/** A manual clock that notes every delay asked of it, so that a test can wait for something to begin waiting. */
export class RecordingClock extends ManualClock {
  readonly waits: number[] = [];
  private readonly waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  override after(delayMs: number, task: () => void): Cancel {
    this.waits.push(delayMs);
    const cancel = super.after(delayMs, task);
    for (const { count, resolve } of this.waiting) if (this.waits.length >= count) resolve();
    return cancel;
  }

  /** Resolves when this many delays were asked for in all. */
  waited(count: number): Promise<void> {
    if (this.waits.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push({ count, resolve }));
  }
}
