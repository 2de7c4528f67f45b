import { AppError } from '../../kernel/errors';
import type { AuditEntry } from '../../rollout/document';
import type { Rollout } from '../../rollout/rollout';
import { historyPage, type HistoryPage } from './history-page';

/** Reads the audit trail for callers. */
export class AuditTrail {
  /** `limit`: entries that the store keeps. */
  constructor(
    private readonly rollout: Pick<Rollout, 'history'>,
    private readonly limit: number,
  ) {}

  async page(query: { readonly limit: number; readonly after?: string | undefined }): Promise<HistoryPage> {
    return historyPage(await this.rollout.history(this.limit), query);
  }

  /** What led to a revision, and what was recorded while it stood. */
  async ofRevision(revision: number): Promise<readonly AuditEntry[]> {
    const trail = await this.rollout.history(this.limit);
    const entries = trail.filter(({ after }) => after.revision === revision);
    if (entries.length > 0) return entries;
    throw new AppError(
      'revision.unknown',
      `the history has nothing of revision ${revision}: it was never made, or is older than the last ${this.limit} entries`,
    );
  }

  latest(count: number): Promise<readonly AuditEntry[]> {
    return this.rollout.history(Math.min(count, this.limit));
  }
}
