import type { Clock } from '../../kernel/clock';
import { addTally, emptyTally, rowOf, tallyOf, type Tally, type TallyRow } from './tally';

/** Where replicas show each other their tallies. */
export interface TallyBoard {
  post(board: string, replica: string, value: string, ttlMs: number): Promise<void>;
  read(board: string): Promise<ReadonlyMap<string, string>>;
}

export interface CompanyParts {
  readonly clock: Clock;
  readonly board: TallyBoard;
  readonly replica: string;
  /** One second of all replicas that follow the same plan. `whole`: none of those that were there of late lacks. */
  readonly onSum: (second: number, sum: Tally, whole: boolean) => void;
}

/** What is posted: the plan that was followed, and the tally. */
type Notice = readonly [string, ...TallyRow];

const NOTICE_LIFE_MS = 10_000;
/** A replica not seen for so long is gone. */
const REMEMBERED_MS = 3_600_000;
/** Whoever was seen so lately should be in every sum. */
const LATELY_MS = 5_000;
/** Sums older than this are stale, and each guard decides alone. */
const STALE_MS = 2_500;

/** Adds up the tallies of all replicas, a second late, so that a slow one is still in it. */
export class Company {
  private readonly seen = new Map<string, number>();
  private summedAt = -Infinity;
  private busy = false;

  constructor(private readonly parts: CompanyParts) {}

  /** Replicas of late, this one included. */
  get replicas(): number {
    const oldest = this.parts.clock.now() - REMEMBERED_MS;
    for (const [replica, seenAt] of this.seen) if (seenAt < oldest) this.seen.delete(replica);
    return Math.max(1, this.seen.size + Number(!this.seen.has(this.parts.replica)));
  }

  /** Whether the sums can be decided by. */
  get isFresh(): boolean {
    return this.replicas > 1 && this.parts.clock.now() - this.summedAt <= STALE_MS;
  }

  /** Shows this replica's second and takes in the one before it. Never waits: a board that does not answer is left alone. */
  exchange(second: number, plan: string, tally: Tally): void {
    if (this.busy) return;
    this.busy = true;
    const { board, replica } = this.parts;
    const notice: Notice = [plan, ...rowOf(tally)];
    board
      .post(boardOf(second), replica, JSON.stringify(notice), NOTICE_LIFE_MS)
      .then(() => board.read(boardOf(second - 1)))
      .then((notices) => this.sum(second - 1, plan, notices))
      // Nothing is lost but the company: the board's own interpreter reports that it failed.
      .catch(() => {})
      .finally(() => (this.busy = false));
  }

  private sum(second: number, plan: string, notices: ReadonlyMap<string, string>): void {
    const now = this.parts.clock.now();
    const sum = emptyTally();
    let summed = 0;
    for (const [replica, text] of notices) {
      this.seen.set(replica, now);
      const notice = noticeOf(text);
      if (notice?.[0] !== plan) continue;
      const [, ...row] = notice;
      addTally(sum, tallyOf(row));
      summed += 1;
    }
    if (!notices.has(this.parts.replica)) return;
    this.summedAt = now;
    const lately = [...this.seen.values()].filter((seenAt) => now - seenAt <= LATELY_MS);
    this.parts.onSum(second, sum, summed === lately.length);
  }
}

function boardOf(second: number): string {
  return `tallies:${second}`;
}

/** Undefined for what is no notice: another version of the program may write there too. */
function noticeOf(text: string): Notice | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value) || value.length !== 7) return undefined;
    const [plan, ...counts] = value as unknown[];
    const sound =
      typeof plan === 'string' && counts.every((count) => Number.isFinite(count) && Number(count) >= 0);
    return sound ? (value as unknown as Notice) : undefined;
  } catch {
    return undefined;
  }
}
