import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';

/** What is done on one board, where failing costs no more than the news: it is told once until something succeeds again. */
export class BoardAttempts {
  private failing = false;

  constructor(
    private readonly board: string,
    private readonly observe: Observe,
  ) {}

  /** Undefined when it failed. Never rejects. */
  async attempt<T>(deed: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await deed();
      this.failing = false;
      return done;
    } catch (error) {
      if (!this.failing)
        this.observe({ kind: 'noticeboard_failed', board: this.board, message: messageOf(error) });
      this.failing = true;
      return undefined;
    }
  }
}
