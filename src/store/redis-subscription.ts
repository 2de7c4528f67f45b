import type { Redis } from 'ioredis';
import { openRedis, TIMEOUTS_BEFORE_RECONNECT, type ConnectionParts } from './open-redis';
import type { RedisSettings } from './redis-settings';

export interface ChannelListener {
  /** From here on messages are heard; what was published before may have been missed. */
  listening(): void;
  heard(message: string): void;
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

  constructor(settings: RedisSettings, { clock, random, channel, listener }: SubscriptionParts) {
    this.redis = openRedis(settings, random, { onError: () => {} });
    this.redis.on('message', (_channel, message) => listener.heard(message));
    this.redis.on('ready', () => {
      this.pings = 0;
      this.redis.subscribe(channel).then(
        () => listener.listening(),
        () => this.redis.disconnect(true),
      );
    });
    this.stopPing = clock.every(PING_MS, () => void this.ping());
  }

  close(): void {
    this.stopPing();
    this.redis.disconnect();
  }

  private async ping(): Promise<void> {
    if (this.redis.status !== 'ready') return;
    try {
      await this.redis.ping();
      this.pings = 0;
    } catch {
      this.pings += 1;
      if (this.pings >= TIMEOUTS_BEFORE_RECONNECT) this.redis.disconnect(true);
    }
  }
}
