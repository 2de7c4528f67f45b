import { z } from 'zod';
import { CATALOGUE } from '../protocol/catalogue';
import type { ScriptStep } from './chaos-script';
import { PARTITIONS, VICTIMS, type ChaosSettings } from './chaos-settings';

const MAX_DELAY_MS = 600_000;
const MAX_BYTES = 4096;
const MAX_STATUS = 255;
const MAX_PATTERN = 10_000;
const MAX_STEPS = 1000;
const MAX_SCRIPT_MS = 7 * 24 * 3_600_000;

const rate = z.number().min(0).max(1).default(0);
const delay = z.number().min(0).max(MAX_DELAY_MS).default(0);
const packetName = z.enum(CATALOGUE.map(({ name }) => name));

const path = z
  .strictObject({
    types: z.array(packetName).default([]),
    latency: z.strictObject({ ms: delay, jitterMs: delay }).prefault({}),
    loss: z
      .strictObject({ rate, pattern: z.array(z.number().int().min(1)).max(MAX_PATTERN).default([]) })
      .prefault({}),
    duplicates: z.strictObject({ rate }).prefault({}),
    reordering: z.strictObject({ rate, delayMs: delay.default(50) }).prefault({}),
    corruption: z
      .strictObject({ rate, bytes: z.number().int().min(1).max(MAX_BYTES).default(1) })
      .prefault({}),
    cuts: z.strictObject({ rate }).prefault({}),
  })
  .prefault({});

const answers = z
  .strictObject({
    missingReceipts: z.strictObject({ rate }).prefault({}),
    lateReplies: z.strictObject({ rate, delayMs: delay }).prefault({}),
    refusals: z
      .strictObject({ rate, status: z.number().int().min(1).max(MAX_STATUS).default(1) })
      .prefault({}),
  })
  .prefault({});

/** What goes wrong, as it comes from outside. What is left out does not. */
export const chaosSchema = z.strictObject({
  only: z.enum(VICTIMS).default('all'),
  partition: z.enum(PARTITIONS).default('none'),
  toDevice: path,
  fromDevice: path,
  answers,
}) satisfies z.ZodType<ChaosSettings>;

const device = z
  .string()
  .regex(/^[0-9a-f]{8}$/, 'eight lower-case hex digits')
  .optional();

const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('chaos'), device, settings: chaosSchema }),
  z.strictObject({ kind: z.literal('power_cycle'), device }),
  z.strictObject({ kind: z.literal('drop'), device }),
]);

const step = z.strictObject({
  atMs: z.number().min(0).max(MAX_SCRIPT_MS),
  apply: action,
}) satisfies z.ZodType<ScriptStep>;

/** A file of chaos: what goes wrong from the start, and what is done later. */
export const chaosFileSchema = z.strictObject({
  chaos: chaosSchema.prefault({}),
  script: z.array(step).max(MAX_STEPS).default([]),
});

/** What a file of chaos says. */
export type ChaosFile = z.infer<typeof chaosFileSchema>;
