import { z } from 'zod';
import { TRANSPORTS } from '../kernel/words';
import { isDeviceId } from '../kernel/device-id';
import { isPercentage, PERCENTAGE_RULE } from '../kernel/percentage';
import { AUDIT_ACTIONS, type AuditEntry, type RolloutDocument } from './document';

const percentage = z.custom<number>(isPercentage, PERCENTAGE_RULE);
const counter = z.number().int().min(0);
const stampSchema = z.strictObject({ since: z.string(), by: z.string(), reason: z.string() });
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

const day = z.strictObject({
  day: z.string(),
  objective: z.string(),
  result: z.enum(['met', 'failed', 'insufficient']),
});

const position = z.strictObject({
  stage: z.string(),
  enteredAt: z.string(),
  clockReset: z.strictObject({ at: z.string(), why: z.string() }).nullable(),
  approvals: z.array(
    z.strictObject({ by: z.string(), role: z.string(), at: z.string(), reason: z.string() }),
  ),
  days: z.array(day),
  guardRates: z.strictObject({ firstFailures: z.number(), breakages: z.number() }).nullable(),
});

const audited = z.strictObject({
  percentage,
  holdback: percentage,
  mirror: percentage,
  pins: counter,
  revision: counter,
  generation: counter,
  automation: z.enum(['manual', 'armed', 'paused', 'latched']),
  stage: z.string(),
});

/** A rollout document as it is kept; anything else in its place is refused. */
export const documentSchema: z.ZodType<RolloutDocument> = z.strictObject({
  plan,
  automation,
  freeze: stampSchema.nullable(),
  position,
  writer: z.string(),
});

export const auditEntrySchema: z.ZodType<AuditEntry> = z.strictObject({
  at: z.string(),
  by: z.string(),
  action: z.enum(AUDIT_ACTIONS),
  reason: z.string(),
  before: audited,
  after: audited,
  evidence: z.record(z.string(), z.unknown()),
});
