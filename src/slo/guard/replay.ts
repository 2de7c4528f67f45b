import type { Limits } from './limits';
import { SequentialTest, type Reading, type Rule } from './sequential-test';
import type { Course, Run } from './run-course';
import { RunRule } from './run-rule';
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

/**
 * What the same run comes to command by command, and at which millisecond of its course; or it does not go back. Within
 * a millisecond what speaks against new comes first, so that no run ends later than it did.
 */
export function replayRun(course: Course): { readonly at: number; readonly run: Run } | undefined {
  const rule = new RunRule();
  rule.resume(course);
  for (const [at, bad, legacyGood, legacyBad] of course.rows) {
    for (let left = bad; left > 0; left -= 1) rule.onBad('new', at);
    const run = legacyGood > 0 ? rule.onGood('legacy', true, at, legacyGood) : undefined;
    if (run) return { at, run };
    for (let left = legacyBad; left > 0; left -= 1) rule.onBad('legacy', at);
  }
  return undefined;
}
