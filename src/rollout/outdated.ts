import type { AuditEntry, RolloutDocument } from './document';

/**
 * Why a lowering that was kept while the store was away must not be stored any more: the generation that it was about
 * is over, and the next must not be rolled back for the sins of the last. Undefined while it still counts.
 */
export function outdated(entry: AuditEntry, { plan }: RolloutDocument): string | undefined {
  const about = entry.before.generation;
  return plan.generation > about
    ? `it was about generation ${about}, and the store is at generation ${plan.generation} by now`
    : undefined;
}
