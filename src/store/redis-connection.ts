import type { Redis } from 'ioredis';
import { AppError } from '../kernel/errors';
import { openRedis, TIMEOUTS_BEFORE_RECONNECT, type ConnectionParts } from './open-redis';
import { failureOf, unavailable, type RedisFailure } from './redis-failure';
import type { RedisSettings } from './redis-settings';
import { RedisSubscription, type ChannelListener } from './redis-subscription';

/** A refusal to write leads to another connect at most this often; a plain replica would otherwise be dialled for ever. */
const READONLY_RECONNECT_MS = 5_000;

/**
 * One connection for commands. Nothing waits: while there is no connection a command fails at once, and whatever goes
 * wrong is an AppError `store.unavailable` whose facts name the cause.
 */
export class RedisConnection {
  private readonly redis: Redis;
  /** False as soon as the connection is given up; the client goes on calling it ready until the socket is closed. */
  private usable = false;
  private timeouts = 0;
  private lastTrouble: RedisFailure | undefined;
  private readonlyAt = -Infinity;

  constructor(
    private readonly settings: RedisSettings,
    private readonly parts: ConnectionParts,
  ) {
    this.redis = openRedis(settings, parts.random, {
      onError: (error) => (this.lastTrouble = failureOf(error)),
      reconnectOnError: (error) => this.shouldReconnect(error),
    });
    this.redis.on('close', () => (this.usable = false));
    this.redis.on('ready', () => {
      this.usable = true;
      this.timeouts = 0;
      this.lastTrouble = undefined;
    });
  }

  get ready(): boolean {
    return this.usable;
  }

  /** How long an answer is waited for. */
  get patienceMs(): number {
    return this.settings.commandTimeoutMs;
  }

  /** `what` completes the sentence "Redis could not …". */
  async run<T>(what: string, command: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.ready) throw unavailable(what, this.whyNotReady());
    try {
      const answer = await command(this.redis);
      this.timeouts = 0;
      return answer;
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw unavailable(what, this.note(failureOf(error)));
    }
  }

  /** Resolves when there is a connection, or after `patienceMs` without one. */
  settled(patienceMs: number): Promise<boolean> {
    if (this.ready) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (): void => {
        cancel();
        this.redis.off('ready', finish);
        resolve(this.ready);
      };
      const cancel = this.parts.clock.after(patienceMs, finish);
      this.redis.once('ready', finish);
    });
  }

  /** A connection of its own that listens to one channel. */
  subscribe(channel: string, listener: ChannelListener): RedisSubscription {
    return new RedisSubscription(this.settings, { ...this.parts, channel, listener });
  }

  close(): void {
    this.redis.disconnect();
  }

  private whyNotReady(): RedisFailure {
    const why = this.lastTrouble ?? { cause: 'connection', message: 'there is no connection' };
    return { ...why, maybeDone: false };
  }

  private note(failure: RedisFailure): RedisFailure {
    if (failure.cause !== 'timeout') return failure;
    this.timeouts += 1;
    if (this.timeouts < TIMEOUTS_BEFORE_RECONNECT) return failure;
    this.timeouts = 0;
    this.lastTrouble = { ...failure, maybeDone: false };
    this.usable = false;
    this.redis.disconnect(true);
    return failure;
  }

  /** What takes no writes is not the master: perhaps the name leads to another server by now. */
  private shouldReconnect(error: Error): boolean {
    if (failureOf(error).cause !== 'readonly') return false;
    const now = this.parts.clock.now();
    if (now - this.readonlyAt < READONLY_RECONNECT_MS) return false;
    this.readonlyAt = now;
    this.usable = false;
    return true;
  }
}
