import { z } from 'zod';
import { TRANSPORTS } from '../kernel/words';
import { isDeviceId } from '../kernel/device-id';
import { isPercentage, PERCENTAGE_RULE } from '../kernel/percentage';
import { AUDIT_ACTIONS, type AuditEntry, type RolloutDocument } from './document';
import { APPROVALS_KEPT, DAYS_KEPT, OBJECTIVES_KEPT, positionAt, TOLD_KEPT } from './position';

/** More than any setting allows to be made. */
const MOST_PINS = 10_000;

const percentage = z.custom<number>(isPercentage, PERCENTAGE_RULE);
/** An instant that arithmetic rests on. */
const instant = z.iso.datetime();
const counter = z.number().int().min(0);
const stampSchema = z.strictObject({ since: z.string(), by: z.string(), reason: z.string() });
const stamped = { since: z.string(), by: z.string(), reason: z.string() };

const plan = z.strictObject({
  percentage,
  holdback: percentage,
  pins: z
    .record(
      z.custom<string>(
        (id) => typeof id === 'string' && isDeviceId(id),
        'a device id is 8 lower-case hex digits',
      ),
      z.enum(TRANSPORTS),
    )
    .refine((pins) => Object.keys(pins).length <= MOST_PINS, `at most ${MOST_PINS} pins`),
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
  enteredAt: instant,
  clockReset: z.strictObject({ at: instant, why: z.string() }).nullable(),
  approvals: z
    .array(z.strictObject({ by: z.string(), role: z.string(), at: instant, reason: z.string() }))
    .max(APPROVALS_KEPT),
  days: z.array(day).max(DAYS_KEPT * OBJECTIVES_KEPT),
  told: z.array(z.string()).max(TOLD_KEPT).default([]),
  guardRates: z.strictObject({ firstFailures: z.number(), breakages: z.number() }).nullable(),
  lastDrill: z.strictObject({ at: instant, seconds: z.number() }).nullable().default(null),
});

/** What a version did not write yet was not there: nothing mirrored, nothing pinned, no stage. */
const audited = z.strictObject({
  percentage,
  holdback: percentage.default(0),
  mirror: percentage.default(0),
  pins: counter.default(0),
  revision: counter,
  generation: counter,
  automation: z.enum(['manual', 'armed', 'paused', 'latched']),
  stage: z.string().default(''),
});

const current = z.strictObject({
  plan,
  automation,
  freeze: stampSchema.nullable(),
  position,
  writer: z.string(),
});

/** The first version wrote traffic and automation only: its rollout stands where its percentage puts it. */
const first = z.strictObject({ plan, automation }).transform((document) => ({
  ...document,
  freeze: null,
  position: positionAt('', document.plan.setAt),
  writer: document.plan.setBy,
}));

/** A rollout document as it is kept, in this form or an earlier one; anything else in its place is refused. */
export const documentSchema: z.ZodType<RolloutDocument> = z.unknown().transform((value, context) => {
  const earlier = typeof value === 'object' && value !== null && !('position' in value);
  const read = (earlier ? first : current).safeParse(value);
  if (read.success) return read.data;
  for (const issue of read.error.issues) context.addIssue({ ...issue, input: value } as never);
  return z.NEVER;
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
