import { BoundedQueue } from '../kernel/bounded-queue';
import type { Clock } from '../kernel/clock';
import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { notificationOf } from './notification';
import type { Receiver } from './receiver';
import { transitionKey, type Transition } from './transition';

export interface NotifierParts {
  readonly receivers: readonly Receiver[];
  /** True for the one replica that is to tell of it. Rejects when nobody can say. */
  readonly claim: (key: string) => Promise<boolean>;
  /** Transitions that may wait for a claim; one more is told without. */
  readonly queueLimit: number;
  readonly clock: Clock;
  readonly observe: Observe;
}

/**
 * Tells people of transitions, each once over all replicas: every replica comes here with what it has seen, whoever
 * brought it about, and one of them gets the claim. When no claim can be had it is better to tell twice than not at
 * all, and the notification says so.
 */
export class Notifier {
  private readonly queue: BoundedQueue<Transition>;
  private claiming: Promise<void> | undefined;

  constructor(private readonly parts: NotifierParts) {
    this.queue = new BoundedQueue({ items: parts.queueLimit });
  }

  /** Returns at once. */
  changed(transition: Transition): void {
    if (this.parts.receivers.length === 0) return;
    if (!this.queue.offer(transition)) return this.unclaimed(transition, 'too many wait for a claim');
    this.claiming ??= this.claimAll();
  }

  /** Gives what waits so long to be sent, and then gives up the rest. */
  async close(withinMs: number): Promise<void> {
    const { clock, receivers } = this.parts;
    let cancel = (): void => {};
    const timeout = new Promise<void>((resolve) => (cancel = clock.after(withinMs, resolve)));
    await Promise.race([this.idle(), timeout]);
    cancel();
    for (const receiver of receivers) receiver.close();
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.claiming) await this.claiming;
    await Promise.all(this.parts.receivers.map((receiver) => receiver.idle()));
  }

  private async claimAll(): Promise<void> {
    for (let next = this.queue.take(); next !== undefined; next = this.queue.take()) await this.claim(next);
    // In the same turn in which nothing was left: what comes in the next one starts anew.
    this.claiming = undefined;
  }

  private async claim(transition: Transition): Promise<void> {
    try {
      if (await this.parts.claim(transitionKey(transition))) this.tell(transition, false);
    } catch (error) {
      this.unclaimed(transition, messageOf(error));
    }
  }

  private unclaimed(transition: Transition, message: string): void {
    this.parts.observe({ kind: 'notification_unclaimed', message });
    this.tell(transition, true);
  }

  private tell(transition: Transition, possiblyRepeated: boolean): void {
    const notification = notificationOf(transition, possiblyRepeated);
    if (!notification) return;
    for (const receiver of this.parts.receivers) receiver.tell(notification);
  }
}
