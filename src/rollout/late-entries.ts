import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { causeOf } from '../store/store-cause';
import { auditedState, type AuditEntry, type RolloutDocument } from './document';
import type { RolloutEvent } from './event';
import type { Lowering } from './lowerings';
import type { PlanStore } from './plan-store';

/** Entries that wait for a store that is away; beyond it the oldest is lost to the trail, not to the log. */
const MOST_WAITING = 100;

/** Entries of the audit trail that go with no change: what came too late, and what was written in another way. */
export class LateEntries {
  private waiting: readonly AuditEntry[] = [];
  private flushing = false;
  private readonly tooLate = new WeakSet<RolloutEvent>();

  constructor(
    private readonly store: PlanStore,
    private readonly observe: Observe,
  ) {}

  /** Whether the store was ahead of what was wished. */
  has(event: RolloutEvent): boolean {
    return this.tooLate.has(event);
  }

  /** Writes down that a lowering changed nothing in the end. */
  noteLate(lowering: Lowering, why: string, document: RolloutDocument): void {
    // Somebody else's re-assertion was quicker, which is as it should be.
    if (!lowering.event) return;
    this.tooLate.add(lowering.event);
    const { entry } = lowering.change;
    this.observe({ kind: 'lowering_dropped', reason: entry.reason, why });
    const evidence = { ...entry.evidence, why, asked: entry.action };
    const state = auditedState(document);
    this.add({ ...entry, action: 'dropped', before: state, after: state, evidence });
  }

  add(entry: AuditEntry): void {
    this.waiting = [...this.waiting, entry].slice(-MOST_WAITING);
    this.flush();
  }

  /** Tries to write what waits. Never rejects; what fails waits on. */
  flush(): void {
    if (this.flushing || this.waiting.length === 0) return;
    this.flushing = true;
    void this.writeAll().finally(() => (this.flushing = false));
  }

  private async writeAll(): Promise<void> {
    try {
      for (let [entry] = this.waiting; entry; [entry] = this.waiting) {
        await this.store.record(entry);
        const written = entry;
        this.waiting = this.waiting.filter((one) => one !== written);
      }
    } catch (error) {
      const cause = causeOf(error, 'file');
      this.observe({ kind: 'store_failed', operation: 'write', cause, message: messageOf(error) });
    }
  }
}
