import { BoundedQueue } from '../kernel/bounded-queue';
import type { Cancel, Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import type { NotificationOutcome, ReceiverKind } from '../kernel/replica-facts';
import { retryDelay } from '../kernel/retry-schedule';
import { isAtLeast, type Severity } from '../kernel/severity';
import { bodyFor } from './bodies';
import type { Post } from './http-post';
import type { Notification } from './notification';

export interface ReceiverSettings {
  readonly name: string;
  readonly kind: ReceiverKind;
  readonly minimumSeverity: Severity;
  readonly queueLimit: number;
  readonly retries: number;
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
}

export interface ReceiverParts {
  readonly settings: ReceiverSettings;
  readonly post: Post;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
}

interface Waiting {
  readonly body: string;
}

interface Ended {
  readonly outcome: NotificationOutcome;
  readonly attempts: number;
  readonly message: string;
}

const STOPPING = 'the process stops';

/**
 * One who is told. Has a queue of its own, so that it can be slow or dead without anybody else noticing; what comes
 * when the queue is full is dropped and counted. Notifications arrive in the order in which things happened.
 */
export class Receiver {
  private readonly queue: BoundedQueue<Waiting>;
  private sending: Promise<void> | undefined;
  private closed = false;
  /** Ends the pause before a retry. */
  private wake: () => void = () => {};

  constructor(private readonly parts: ReceiverParts) {
    this.queue = new BoundedQueue({ items: parts.settings.queueLimit });
  }

  /** Returns at once. */
  tell(notification: Notification): void {
    const { minimumSeverity, kind } = this.parts.settings;
    if (!isAtLeast(notification.severity, minimumSeverity)) return;
    const taken = !this.closed && this.queue.offer({ body: bodyFor(kind, notification) });
    if (!taken) return this.report('dropped', 0, this.closed ? STOPPING : 'too many wait already');
    this.sending ??= this.sendAll();
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.sending) await this.sending;
  }

  /** Gives up what waits. */
  close(): void {
    this.closed = true;
    this.wake();
  }

  private async sendAll(): Promise<void> {
    for (let next = this.queue.take(); next !== undefined; next = this.queue.take()) {
      const { outcome, attempts, message } = await this.send(next);
      this.report(outcome, attempts, message);
    }
    // In the same turn in which nothing was left: what comes in the next one starts anew.
    this.sending = undefined;
  }

  private async send({ body }: Waiting): Promise<Ended> {
    const { settings, post, random } = this.parts;
    const { retries, retryBaseMs: baseMs, retryCapMs: capMs } = settings;
    for (let attempts = 1; ; attempts += 1) {
      if (this.closed) return { outcome: 'dropped', attempts: attempts - 1, message: STOPPING };
      const delivery = await post(body);
      if (delivery.kind === 'delivered') return { outcome: 'sent', attempts, message: '' };
      if (!delivery.again || attempts > retries)
        return { outcome: 'failed', attempts, message: delivery.message };
      await this.pause(retryDelay({ retries, baseMs, capMs, jitterMs: baseMs }, attempts - 1, random));
    }
  }

  private pause(delayMs: number): Promise<void> {
    if (this.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel: Cancel = this.parts.clock.after(delayMs, resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }

  private report(outcome: NotificationOutcome, attempts: number, message: string): void {
    const { name: receiver, kind: receiverKind } = this.parts.settings;
    this.parts.observe({ kind: 'notification', receiver, receiverKind, outcome, attempts, message });
  }
}
