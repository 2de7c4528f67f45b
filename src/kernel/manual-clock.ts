import type { Cancel, Clock } from './clock';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/**
 * A clock that stands still until it is told to move: virtual time for tests and simulations.
 * Timers due in one step run in the order of their due times, each at its own instant.
 */
export class ManualClock implements Clock {
  private elapsed = 0;
  /** In the order in which they were set. */
  private readonly timers = new Set<Timer>();

  constructor(private readonly startWallMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.elapsed;
  }

  wallNow(): number {
    return this.startWallMs + this.elapsed;
  }

  /** Timers not yet fired or cancelled: a test can prove that nothing was left behind. */
  get pendingTimers(): number {
    return this.timers.size;
  }

  after(delayMs: number, task: () => void): Cancel {
    return this.add(this.elapsed + Math.max(delayMs, 0), task);
  }

  every(periodMs: number, task: () => void): Cancel {
    let cancelNext: Cancel;
    // The next period is set before the task runs, so that a task can cancel it, and cannot prevent it by throwing.
    const arm = (): void => {
      cancelNext = this.after(periodMs, () => {
        arm();
        task();
      });
    };
    arm();
    return () => cancelNext();
  }

  /** Moves time forward by `ms`, firing what becomes due on the way. */
  advance(ms: number): void {
    const until = this.elapsed + ms;
    for (let next = this.earliest(until); next !== undefined; next = this.earliest(until)) this.fire(next);
    this.elapsed = until;
  }

  /** Like `advance`, but lets promise reactions run before each timer and at the end. */
  async advanceAsync(ms: number): Promise<void> {
    const until = this.elapsed + ms;
    await drainMicrotasks();
    for (let next = this.earliest(until); next !== undefined; next = this.earliest(until)) {
      this.fire(next);
      await drainMicrotasks();
    }
    this.elapsed = until;
  }

  private add(at: number, task: () => void): Cancel {
    const timer: Timer = { at, task };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  private fire(timer: Timer): void {
    this.timers.delete(timer);
    this.elapsed = Math.max(this.elapsed, timer.at);
    timer.task();
  }

  private earliest(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.at <= until && (!first || timer.at < first.at)) first = timer;
    }
    return first;
  }
}

/** One turn of the loop: every promise reaction that is ready runs, and what those make ready too. */
function drainMicrotasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
