import type { Cancel, Clock } from '../../src/kernel/clock';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/**
 * A clock on which weeks pass in a few steps, as on a machine that sleeps: after a leap everything that became due
 * meanwhile is done once, in the order in which it was due, however often it should have been.
 */
export class LeapingClock implements Clock {
  private elapsed = 0;
  private readonly timers = new Set<Timer>();

  constructor(private readonly startWallMs: number) {}

  now(): number {
    return this.elapsed;
  }

  wallNow(): number {
    return this.startWallMs + this.elapsed;
  }

  after(delayMs: number, task: () => void): Cancel {
    const timer: Timer = { at: this.elapsed + Math.max(delayMs, 0), task };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  every(periodMs: number, task: () => void): Cancel {
    let cancelNext: Cancel;
    const arm = (): void => {
      cancelNext = this.after(periodMs, () => {
        arm();
        task();
      });
    };
    arm();
    return () => cancelNext();
  }

  leap(ms: number): void {
    this.elapsed += ms;
    const due = [...this.timers]
      .filter(({ at }) => at <= this.elapsed)
      .sort((one, other) => one.at - other.at);
    // One of them may cancel another.
    for (const timer of due) if (this.timers.delete(timer)) timer.task();
  }
}
