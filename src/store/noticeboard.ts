import type { Clock } from '../kernel/clock';

/**
 * Where replicas tell each other small things that may be lost without harm: who is there, what the leader has judged.
 * Nothing that is acted on comes from here.
 */
export interface Noticeboard {
  /** Puts up this replica's notice on a board, in place of the one before. It is gone after `ttlMs`. */
  post(board: string, replica: string, value: string, ttlMs: number): Promise<void>;
  /** What hangs on a board now, by replica. */
  read(board: string): Promise<ReadonlyMap<string, string>>;
}

export interface NoticeboardLimits {
  /** Notices on one board; one more is left out. */
  readonly notices: number;
  /** Bytes of one notice; a longer one is left out. */
  readonly bytes: number;
}

export const NOTICEBOARD_LIMITS: NoticeboardLimits = { notices: 256, bytes: 65_536 };

interface Notice {
  readonly value: string;
  readonly goneAt: number;
}

/** The noticeboard of a process that has no others beside it; or of several in one test. */
export class MemoryNoticeboard implements Noticeboard {
  private readonly boards = new Map<string, Map<string, Notice>>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: NoticeboardLimits = NOTICEBOARD_LIMITS,
  ) {}

  post(board: string, replica: string, value: string, ttlMs: number): Promise<void> {
    this.sweep();
    if (Buffer.byteLength(value) > this.limits.bytes) return Promise.resolve();
    const notices = this.boards.get(board) ?? new Map<string, Notice>();
    if (!notices.has(replica) && notices.size >= this.limits.notices) return Promise.resolve();
    this.boards.set(board, notices.set(replica, { value, goneAt: this.clock.now() + ttlMs }));
    return Promise.resolve();
  }

  read(board: string): Promise<ReadonlyMap<string, string>> {
    this.sweep();
    const notices = this.boards.get(board) ?? new Map<string, Notice>();
    return Promise.resolve(new Map([...notices].map(([replica, { value }]) => [replica, value])));
  }

  /** Boards are named after seconds too, so those that nobody reads any more must go as well. */
  private sweep(): void {
    const now = this.clock.now();
    for (const [board, notices] of this.boards) {
      for (const [replica, { goneAt }] of notices) if (goneAt <= now) notices.delete(replica);
      if (notices.size === 0) this.boards.delete(board);
    }
  }
}
