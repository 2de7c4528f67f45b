import { NO_TIMER, type Clock } from '../kernel/clock';
import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import type { RedisConnection } from '../store/redis-connection';
import type { RedisSubscription } from '../store/redis-subscription';
import { causeOf } from '../store/store-cause';
import type { AuditEntry, RolloutDocument } from './document';
import type { Loaded, PlanStore, StoreHealth, StoreListener, WriteOptions, Written } from './plan-store';
import { RedisAdvice } from './redis-advice';
import { readMessage } from './redis-codec';
import { RedisPlanCommands, type RedisPlanCommandsSettings } from './redis-plan-commands';

export interface RedisPlanStoreSettings extends RedisPlanCommandsSettings {
  readonly pollMs: number;
  /** How long the first read waits for a connection. */
  readonly firstReadMs: number;
}

export interface RedisPlanStoreParts {
  readonly connection: RedisConnection;
  /** The name of this process, as it claims things. */
  readonly replica: string;
  readonly settings: RedisPlanStoreSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
}

/** The rollout in Redis, for several processes: a document, a stream of audit entries, and a channel that tells of both. */
export class RedisPlanStore implements PlanStore {
  readonly shared = true;
  private asked = false;
  private closed = false;
  private up = false;
  private trouble: unknown;
  private readAt: number | undefined;
  private cancelPoll = NO_TIMER;
  private subscription: RedisSubscription | undefined;
  private readonly commands: RedisPlanCommands;
  private readonly advice: RedisAdvice;

  constructor(private readonly parts: RedisPlanStoreParts) {
    const { connection, settings, clock, observe } = parts;
    this.commands = new RedisPlanCommands(connection, settings, clock);
    this.advice = new RedisAdvice(connection, settings.waitReplicas, observe);
  }

  get health(): StoreHealth {
    const { up, trouble, readAt, parts } = this;
    const ageMs = readAt === undefined ? undefined : parts.clock.now() - readAt;
    return {
      kind: 'redis',
      up,
      trouble: trouble === undefined ? undefined : messageOf(trouble),
      ageMs,
      refused: this.commands.refused,
    };
  }

  async load(): Promise<Loaded> {
    const { connection, settings, clock } = this.parts;
    if (!this.asked) {
      this.asked = true;
      await connection.settled(settings.firstReadMs);
    }
    const loaded = await this.noting(() => this.commands.read());
    this.readAt = clock.now();
    return loaded;
  }

  async write(document: RolloutDocument, entry: AuditEntry, options: WriteOptions): Promise<Written> {
    const text = this.commands.textOf(document);
    return this.noting(() => this.commands.write({ text, document, entry, options }));
  }

  record(entry: AuditEntry): Promise<void> {
    return this.commands.append(entry);
  }

  history(limit: number): Promise<readonly AuditEntry[]> {
    return this.commands.entries(limit);
  }

  watch(listener: StoreListener): void {
    this.subscription = this.parts.connection.subscribe(this.commands.key('changes'), {
      listening: () => void this.poll(listener),
      heard: (text) => {
        const heard = readMessage(text);
        if (heard && !this.closed) listener.seen({ kind: 'found', document: heard.document }, heard.entry);
      },
      refused: (error) => this.advice.onDeafness(error),
    });
    this.pollLater(listener);
  }

  claim(key: string, ttlMs: number): Promise<boolean> {
    return this.commands.claim(key, this.parts.replica, ttlMs);
  }

  close(): Promise<void> {
    this.closed = true;
    this.cancelPoll();
    this.subscription?.close();
    return Promise.resolve();
  }

  /** Jitter keeps replicas that started together from asking together for ever. */
  private pollLater(listener: StoreListener): void {
    if (this.closed) return;
    const { clock, random, settings } = this.parts;
    this.cancelPoll = clock.after(settings.pollMs * (0.75 + random.next() / 2), () => {
      void this.poll(listener).finally(() => this.pollLater(listener));
    });
  }

  private async poll(listener: StoreListener): Promise<void> {
    const before = this.trouble;
    try {
      const loaded = await this.load();
      if (!this.closed) listener.seen(loaded, undefined);
      void this.advice.onSettings();
    } catch (error) {
      const cause = causeOf(error, 'server');
      // Once for each trouble that it has, not every second.
      if (this.closed || (before !== undefined && causeOf(before, 'server') === cause)) return;
      this.parts.observe({ kind: 'store_failed', operation: 'read', cause, message: messageOf(error) });
    }
  }

  /** Keeps whether the store does what it is asked to. */
  private async noting<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      if (!this.up) this.parts.observe({ kind: 'store_reached' });
      this.up = true;
      this.trouble = undefined;
      return result;
    } catch (error) {
      this.up = false;
      this.trouble = error;
      throw error;
    }
  }
}
