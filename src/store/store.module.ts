import { randomBytes } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import type { Config } from '../config/schema';
import type { Clock } from '../kernel/clock';
import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { CLOCK, CONFIG, LEASE, NOTICEBOARD, OBSERVE, REPLICA } from '../kernel/tokens';
import { LocalLease, SharedLease, type Lease } from './lease';
import { MemoryNoticeboard, type Noticeboard } from './noticeboard';
import { RedisConnection } from './redis-connection';
import { RedisLeaseRegister } from './redis-lease';
import { RedisNoticeboard } from './redis-noticeboard';
import { keyPrefixOf } from './redis-settings';
import { RedisModule } from './redis.module';

/** What replicas share beside the plan: the right to tick, and the boards. */
@Global()
@Module({
  imports: [RedisModule],
  providers: [
    {
      provide: NOTICEBOARD,
      inject: [RedisConnection, CONFIG, CLOCK],
      useFactory: (connection: RedisConnection | undefined, { store }: Config, clock: Clock): Noticeboard =>
        connection ? new RedisNoticeboard(connection, keyPrefixOf(store)) : new MemoryNoticeboard(clock),
    },
    {
      provide: LEASE,
      inject: [RedisConnection, CONFIG, REPLICA, CLOCK, OBSERVE],
      useFactory: (
        connection: RedisConnection | undefined,
        { store, replicas }: Config,
        replica: string,
        clock: Clock,
        observe: Observe,
      ): Lease => {
        if (!connection) return new LocalLease();
        const register = new RedisLeaseRegister(connection, keyPrefixOf(store));
        // Names may be used again after a restart; whoever held the lease before it is somebody else.
        const owner = `${replica} ${randomBytes(6).toString('hex')}`;
        const settings = { ttlMs: replicas.leaseTtlMs, marginMs: replicas.leaseMarginMs };
        const onFailure = (error: unknown) => observe({ kind: 'lease_failed', message: messageOf(error) });
        return new SharedLease({ register, owner, settings, clock, onFailure });
      },
    },
  ],
  exports: [NOTICEBOARD, LEASE],
})
export class StoreModule {}
