import type { AnswerDelays } from './timing';

/** When the answers to one command leave, in the clock's milliseconds. */
export interface AnswerTimes {
  readonly receiptAt: number;
  readonly replyAt: number;
  readonly statusAt: number;
}

/** Keeps the answers of one connection in the order of its commands: a slow one holds up those behind it (protocol 8). */
export class AnswerOrder {
  private lastReceiptAt = 0;
  private lastReplyAt = 0;

  /** The times for a command that arrived at `now`. */
  after(now: number, delays: AnswerDelays): AnswerTimes {
    this.lastReceiptAt = Math.max(this.lastReceiptAt, now + delays.receiptMs);
    this.lastReplyAt = Math.max(this.lastReplyAt, this.lastReceiptAt, now + delays.replyMs);
    return {
      receiptAt: this.lastReceiptAt,
      replyAt: this.lastReplyAt,
      statusAt: this.lastReplyAt + delays.statusMs,
    };
  }
}
