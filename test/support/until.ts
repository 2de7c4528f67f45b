import { systemClock } from '../../src/kernel/clock';

const LOOK_MS = 5;
/** Below the time-out of a test, so that a wait for nothing is told where it stands, and does not outlive its test. */
const PATIENCE_MS = 25_000;

/** Resolves when `condition` holds. */
export function until(
  condition: () => boolean | Promise<boolean>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const began = systemClock.now();
  const waited = new Error(`it did not come true within ${patienceMs} ms: ${String(condition)}`);
  return new Promise((resolve, reject) => {
    const look = (): void => {
      Promise.resolve(condition()).then((holds) => {
        if (holds) resolve();
        else if (systemClock.now() - began > patienceMs) reject(waited);
        else systemClock.after(LOOK_MS, look);
      }, reject);
    };
    look();
  });
}
