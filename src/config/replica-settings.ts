import { z } from 'zod';
import { count } from './numbers';

const ms = (fallback: number, low = 10) => count(fallback, low, 24 * 3_600_000);

/** How replicas of one rollout share the work and watch each other. */
export const replicas = z
  .strictObject({
    tickMs: ms(15_000).describe('How often the one that holds the lease looks at the rollout'),
    tickTimeoutMs: ms(10_000).describe('A judgement that takes longer is given up; the next tick asks anew'),
    judgementTtlMs: ms(60_000).describe('An older judgement is not shown and promotes nothing'),
    announceMs: ms(1_000).describe('How often each replica tells what it follows'),
    announceTtlMs: ms(3_500).describe('A replica not heard of for so long counts as gone'),
    skewMs: ms(5_000).describe('How long replicas may follow different plans before it is an alarm'),
    leaseTtlMs: ms(15_000, 100).describe('How long the leader may be silent before another takes over'),
    leaseMarginMs: ms(1_000).describe('A leader stops so much earlier, for clocks that do not run alike'),
    leaseRenewMs: ms(5_000).describe('How often the lease is taken or prolonged'),
  })
  .refine(({ leaseTtlMs, leaseRenewMs, leaseMarginMs }) => 2 * leaseRenewMs + leaseMarginMs <= leaseTtlMs, {
    error:
      'leaseRenewMs must fit twice into leaseTtlMs less leaseMarginMs, or one lost answer costs the lease',
  })
  .refine(({ announceMs, announceTtlMs }) => 2 * announceMs <= announceTtlMs, {
    error: 'announceMs must fit twice into announceTtlMs, or one lost notice makes a replica count as gone',
  });
