import type { AuditEntry, RolloutDocument } from './document';

/** A change of the rollout, by this replica or another. */
export interface SeenChange {
  readonly document: RolloutDocument;
  /** Undefined when only the new document came along, as when the message about the change was lost. */
  readonly entry: AuditEntry | undefined;
}

export interface TransitionsParts {
  /** Newest first. */
  readonly history: (limit: number) => Promise<readonly AuditEntry[]>;
  readonly tell: (entry: AuditEntry) => void;
  /** Entries of the history that are looked at when something was missed. */
  readonly lookBack: number;
}

/**
 * Hands on the audit entry of every change, in order: of those too that were made elsewhere and whose message got
 * lost, which it finds in the history. An entry may come twice; whoever acts on it claims it first.
 */
export class Transitions {
  private catchingUp: Promise<void> | undefined;
  private inHand: AuditEntry[] = [];

  /** `last`: the revision up to which everything is known. */
  constructor(
    private last: number,
    private readonly parts: TransitionsParts,
  ) {}

  changed({ document, entry }: SeenChange): void {
    if (entry && !this.catchingUp && entry.after.revision <= this.last + 1) return this.tell([entry]);
    if (!entry && document.plan.revision <= this.last) return;
    if (entry) this.inHand = [...this.inHand, entry].slice(-this.parts.lookBack);
    this.catchingUp ??= this.catchUp();
  }

  private async catchUp(): Promise<void> {
    do {
      const trail = await this.trail();
      const missed = trail.filter(({ after }) => after.revision > this.last).reverse();
      const { inHand } = this;
      this.inHand = [];
      this.tell([...missed, ...inHand.filter((entry) => !missed.some((other) => isSame(entry, other)))]);
    } while (this.inHand.length > 0);
    // In the same turn in which nothing was left: what comes in the next one starts anew.
    this.catchingUp = undefined;
  }

  /** A store that is away has no history; then what is in hand is all there is. */
  private async trail(): Promise<readonly AuditEntry[]> {
    try {
      return await this.parts.history(this.parts.lookBack);
    } catch {
      return [];
    }
  }

  private tell(entries: readonly AuditEntry[]): void {
    for (const entry of entries) {
      this.last = Math.max(this.last, entry.after.revision);
      this.parts.tell(entry);
    }
  }
}

function isSame(one: AuditEntry, other: AuditEntry): boolean {
  return (
    one.at === other.at &&
    one.by === other.by &&
    one.action === other.action &&
    one.after.revision === other.after.revision
  );
}
