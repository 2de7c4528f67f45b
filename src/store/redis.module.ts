import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { CLOCK, CONFIG, RANDOM } from '../kernel/tokens';
import { RedisConnection } from './redis-connection';
import { usesRedis } from './redis-settings';

/** The connection to Redis that all share; undefined where the rollout is kept in a file. */
@Global()
@Module({
  providers: [
    {
      provide: RedisConnection,
      inject: [CONFIG, CLOCK, RANDOM],
      useFactory: ({ store }: Config, clock: Clock, random: Random) =>
        usesRedis(store) ? new RedisConnection(store, { clock, random }) : undefined,
    },
  ],
  exports: [RedisConnection],
})
export class RedisModule implements OnApplicationShutdown {
  constructor(@Inject(RedisConnection) private readonly connection: RedisConnection | undefined) {}

  onApplicationShutdown(): void {
    this.connection?.close();
  }
}
