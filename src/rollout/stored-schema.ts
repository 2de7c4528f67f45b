import { z } from 'zod';
import { TRANSPORTS } from '../kernel/words';
import { isDeviceId } from '../kernel/device-id';
import { isPercentage, PERCENTAGE_RULE } from '../kernel/percentage';
import { AUDIT_ACTIONS, type AuditEntry, type RolloutDocument } from './document';

const percentage = z.custom<number>(isPercentage, PERCENTAGE_RULE);
const counter = z.number().int().min(0);
const stamped = { since: z.string(), by: z.string(), reason: z.string() };

const plan = z.strictObject({
  percentage,
  holdback: percentage,
  pins: z.record(
    z.custom<string>(
      (id) => typeof id === 'string' && isDeviceId(id),
      'a device id is 8 lower-case hex digits',
    ),
    z.enum(TRANSPORTS),
  ),
  mirror: z.strictObject({ on: z.boolean(), percentage }),
  salt: z.string().min(1),
  revision: counter,
  generation: counter,
  setBy: z.string(),
  reason: z.string(),
  setAt: z.string(),
});

const automation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('manual') }),
  z.strictObject({ kind: z.literal('armed') }),
  z.strictObject({ kind: z.literal('paused'), ...stamped }),
  z.strictObject({ kind: z.literal('latched'), ...stamped }),
]);

const audited = z.strictObject({
  percentage,
  revision: counter,
  generation: counter,
  automation: z.enum(['manual', 'armed', 'paused', 'latched']),
});

/** A rollout document as it is kept; anything else in its place is refused. */
export const documentSchema: z.ZodType<RolloutDocument> = z.strictObject({ plan, automation });

export const auditEntrySchema: z.ZodType<AuditEntry> = z.strictObject({
  at: z.string(),
  by: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  reason: z.string(),
  before: audited,
  after: audited,
  evidence: z.record(z.string(), z.unknown()),
});
