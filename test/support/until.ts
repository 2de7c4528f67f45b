import { systemClock } from '../../src/kernel/clock';

const LOOK_MS = 5;

/** Resolves when `condition` holds. The test's own time-out is the bound. */
export function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      Promise.resolve(condition()).then(
        (holds) => (holds ? resolve() : void systemClock.after(LOOK_MS, look)),
        reject,
      );
    };
    look();
  });
}
