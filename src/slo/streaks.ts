import type { Verdict } from './verdict';

/** So many failing verdicts in a row are held against the transport. */
export const STREAK = 3;
/** Verdicts closer together rest on the same events. */
const APART_MS = 60_000;
/** After so long without another failing verdict the next one begins anew. */
const FORGOTTEN_MS = 15 * 60_000;

interface Failing {
  readonly at: number;
  readonly wallMs: number;
}

/**
 * Counts failing verdicts in a row. `insufficient` and `unknown` are no news: they neither count nor begin anew. Another
 * generation knows nothing of the failures of the one before.
 */
export class Streaks {
  private generation: number | undefined;
  private readonly failing = new Map<string, readonly Failing[]>();

  /** The instants, by the wall clock, of the failing verdicts so far, oldest first; `STREAK` at most. */
  note(about: {
    readonly generation: number;
    readonly objective: string;
    readonly verdict: Verdict;
    readonly now: number;
    readonly wallMs: number;
  }): readonly number[] {
    const { generation, objective, verdict, now, wallMs } = about;
    if (generation !== this.generation) this.failing.clear();
    this.generation = generation;
    const known = this.failing.get(objective) ?? [];
    const last = known.at(-1);
    const before = last !== undefined && now - last.at > FORGOTTEN_MS ? [] : known;
    const after = next(before, verdict, { at: now, wallMs });
    this.failing.set(objective, after);
    return after.map((failing) => failing.wallMs);
  }
}

function next(before: readonly Failing[], verdict: Verdict, here: Failing): readonly Failing[] {
  if (verdict === 'pass') return [];
  if (verdict !== 'fail') return before;
  const last = before.at(-1);
  if (last !== undefined && here.at - last.at < APART_MS) return before;
  return [...before, here].slice(-STREAK);
}
