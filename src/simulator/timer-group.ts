import type { Cancel, Clock } from '../kernel/clock';

/** Timers that belong together and end together, such as those of one connection. */
export class TimerGroup {
  private readonly cancels = new Set<Cancel>();

  constructor(private readonly clock: Clock) {}

  after(delayMs: number, task: () => void): void {
    const cancel = this.clock.after(delayMs, () => {
      this.cancels.delete(cancel);
      task();
    });
    this.cancels.add(cancel);
  }

  clear(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }
}
