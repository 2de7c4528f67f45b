/** Whether what the page shows is what is. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'stale'; readonly sinceMs: number; readonly why: string };

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** How long to wait before the next attempt, after so many that failed. `chance` from 0 to 1 keeps pages apart. */
export function waitBefore(attempt: number, chance: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
  return wait * (0.75 + chance / 4);
}

/** A page that is stale stays stale since the first time. */
export function lost(before: Connection, nowMs: number, why: string): Connection {
  return before.kind === 'stale' ? { ...before, why } : { kind: 'stale', sinceMs: nowMs, why };
}
