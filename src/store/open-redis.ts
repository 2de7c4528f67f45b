import { Redis } from 'ioredis';
import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { passwordOf, redisOptions, type RedisSettings } from './redis-settings';

export interface ConnectionParts {
  readonly clock: Clock;
  readonly random: Random;
}

/** Answers that fail to come in a row before a connection is thrown away: its server is frozen or gone. */
export const TIMEOUTS_BEFORE_RECONNECT = 2;

interface Handlers {
  readonly onError: (error: unknown) => void;
  readonly reconnectOnError?: (error: Error) => boolean;
}

/** A client that connects, and connects again for ever, each time with the password of that moment. */
export function openRedis(
  settings: RedisSettings,
  random: Random,
  { onError, reconnectOnError = () => false }: Handlers,
): Redis {
  const redis = new Redis({ ...redisOptions(settings, random), replyMapping: 'legacy', reconnectOnError });
  // Without a listener the client prints its errors to standard error.
  redis.on('error', onError);
  redis.on('reconnecting', () => {
    const password = passwordOf(settings);
    if (password !== undefined) redis.options.password = password;
  });
  return redis;
}
