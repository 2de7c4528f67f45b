import type { Limits } from './limits';
import { SequentialTest, type Reading, type Rule } from './sequential-test';
import { tallyOf } from './tally';
import type { Looks } from './weighing';

/** What the same looks come to under other rules' limits: the reading that trips, and at which look; or none does. */
export function replayLooks(
  { before, rows }: Looks,
  rules: readonly Rule[],
  limits: Limits,
): { readonly at: number; readonly reading: Reading } | undefined {
  const first = rows[0]?.[0] ?? 0;
  const test = new SequentialTest(rules, limits, first - 1);
  test.resume(before);
  for (const [at, ...row] of rows) {
    const reading = test.look(at, tallyOf(row));
    if (reading) return { at, reading };
  }
  return undefined;
}
