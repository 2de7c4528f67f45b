import type { Awaited, DeliveryEffect } from './delivery';
import { RoundTrip } from './round-trip';
import type { ReliableSettings } from './settings';

/** How long each answer is waited for. */
export type Waits = Readonly<Record<Awaited, number>>;

type Lesson = Extract<DeliveryEffect, { kind: 'sample' | 'timed_out' }>;

/** What was learned of how quickly one device answers. Lives as long as its connection. */
export class Pace {
  private readonly timers: Readonly<Record<Awaited, RoundTrip>>;

  constructor({ receiptTimer, replyTimer }: Pick<ReliableSettings, 'receiptTimer' | 'replyTimer'>) {
    this.timers = { receipt: new RoundTrip(receiptTimer), reply: new RoundTrip(replyTimer) };
  }

  /** As it stands when a command begins: what its repeats teach is for the next one. */
  get waits(): Waits {
    return { receipt: this.timers.receipt.timeoutMs, reply: this.timers.reply.timeoutMs };
  }

  learn(lesson: Lesson): void {
    const timer = this.timers[lesson.awaited];
    if (lesson.kind === 'sample') timer.sample(lesson.roundTripMs);
    else if (lesson.attempt === 1) timer.backOff();
  }
}
