/** Stops a timer. Calling it twice, or after the timer fired, is harmless. */
export type Cancel = () => void;

/**
 * Stops nothing: for a timer that was not set yet. One function for all, because V8 puts a function that is written
 * where a property is assigned into the old generation at once, where it keeps alive what it sees until a full
 * collection.
 */
export const NO_TIMER: Cancel = () => {};

/**
 * Time as an ability of the outside world. The core never reads the machine's clock itself, so that a test
 * can move hours in a millisecond. All durations and instants are milliseconds.
 */
export interface Clock {
  /** Milliseconds that only grow; the origin is arbitrary. For durations and deadlines. */
  now(): number;
  /** Milliseconds since the Unix epoch; may step. For what people and devices read. */
  wallNow(): number;
  /** Calls `task` once, `delayMs` from now. */
  after(delayMs: number, task: () => void): Cancel;
  /** Calls `task` every `periodMs` until cancelled. `task` must be synchronous: a period never overlaps itself. */
  every(periodMs: number, task: () => void): Cancel;
}

/** Node rejects longer timers by firing them at once; nothing here may wait that long. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. Timers keep the process alive, because a pending deadline is work. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
};

/** Resolves after `delayMs`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
