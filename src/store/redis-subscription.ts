import type { Redis } from 'ioredis';
import { openRedis, TIMEOUTS_BEFORE_RECONNECT, type ConnectionParts } from './open-redis';
import type { RedisSettings } from './redis-settings';

export interface ChannelListener {
  /** From here on messages are heard; what was published before may have been missed. */
  listening(): void;
  heard(message: string): void;
  /** It may not listen, or cannot for now; told for each try. */
  refused(error: unknown): void;
}

interface SubscriptionParts extends ConnectionParts {
  readonly channel: string;
  readonly listener: ChannelListener;
}

const PING_MS = 2_000;

/** Hears a channel over and over again: subscribes at each connect, and leaves a server that answers no ping. */
export class RedisSubscription {
  private readonly redis: Redis;
  private readonly stopPing: () => void;
  private pings = 0;
  private subscribed = false;

  constructor(
    settings: RedisSettings,
    private readonly parts: SubscriptionParts,
  ) {
    const { clock, random, listener } = parts;
    this.redis = openRedis(settings, random, { onError: () => {} });
    this.redis.on('message', (_channel, message) => listener.heard(message));
    this.redis.on('ready', () => {
      this.pings = 0;
      this.subscribed = false;
      void this.subscribe();
    });
    this.stopPing = clock.every(PING_MS, () => void this.ping());
  }

  close(): void {
    this.stopPing();
    this.redis.disconnect();
  }

  /** Who may not is no reason to connect again, which would be done many times a second. */
  private async subscribe(): Promise<void> {
    const { channel, listener } = this.parts;
    try {
      await this.redis.subscribe(channel);
      this.subscribed = true;
      listener.listening();
    } catch (error) {
      listener.refused(error);
    }
  }

  private async ping(): Promise<void> {
    if (this.redis.status !== 'ready') return;
    if (!this.subscribed) void this.subscribe();
    try {
      await this.redis.ping();
      this.pings = 0;
    } catch {
      this.pings += 1;
      if (this.pings >= TIMEOUTS_BEFORE_RECONNECT) this.redis.disconnect(true);
    }
  }
}
