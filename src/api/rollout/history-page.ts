import type { AuditEntry } from '../../rollout/document';

export interface HistoryPage {
  readonly entries: readonly AuditEntry[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

/**
 * A page of the audit trail, newest first. A cursor says "the `count` oldest entries of `revision`, then what is
 * older": new entries at the top, of that revision too, move nothing.
 */
export function historyPage(
  trail: readonly AuditEntry[],
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): HistoryPage {
  const begin = after === undefined ? 0 : positionOf(trail, after);
  const entries = trail.slice(begin, begin + limit);
  return { entries, next: begin + limit < trail.length ? cursorAt(trail, begin + limit) : null };
}

function cursorAt(trail: readonly AuditEntry[], at: number): string {
  const revision = (trail[at] as AuditEntry).after.revision;
  return `${revision}-${trail.slice(at).filter(({ after }) => after.revision === revision).length}`;
}

/** Entries that have been forgotten meanwhile were the oldest, so nothing follows them. */
function positionOf(trail: readonly AuditEntry[], cursor: string): number {
  const [revision, count] = cursor.split('-').map(Number) as [number, number];
  const ofRevision = trail.flatMap(({ after }, at) => (after.revision === revision ? [at] : []));
  return ofRevision.slice(-count)[0] ?? trail.length;
}
