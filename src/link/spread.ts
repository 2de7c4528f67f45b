import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';

export interface SpreadParts {
  readonly clock: Clock;
  readonly random: Random;
  /** 0: all at once. */
  readonly overMs: number;
  readonly count: number;
}

/** Mean time between two steps; many things a step are cheaper than a timer for each. */
const STEP_MS = 20;

/**
 * Does `count` things evenly over a time, at moments that differ a little, so that what they set off elsewhere does
 * not come in one wave. `act` is told how many are due and says how many it could do; the others stay due.
 */
export function spread(
  { clock, random, overMs, count }: SpreadParts,
  act: (due: number) => number,
): Promise<void> {
  const startedAt = clock.now();
  let done = 0;
  return new Promise((resolve) => {
    const step = (): void => {
      const elapsed = clock.now() - startedAt;
      const share = overMs === 0 ? 1 : Math.min(elapsed / overMs, 1);
      done += act(Math.ceil(share * count) - done);
      if (done >= count || share >= 1) return resolve();
      const pause = STEP_MS * (0.5 + random.next());
      clock.after(Math.min(pause, overMs - elapsed), step);
    };
    step();
  });
}
