import { z } from 'zod';
import { OUTCOMES } from '../../kernel/words';
import { SWITCH_MODES } from '../../protocol/actions';
import { LIGHT_SHOW_NAMES } from '../../protocol/light-shows';
import { deviceId, transport } from './shared';

const MAX_GROUP = 100;
const DEFAULT_DEADLINE_MS = 5_000;
const MIN_DEADLINE_MS = 100;
const MAX_DEADLINE_MS = 60_000;
const ALL_NODES = 0xffff;

const level = z.number().int().min(0).max(100);
const component = z.number().int().min(0).max(255);

const common = {
  node: z
    .number()
    .int()
    .min(1)
    .max(ALL_NODES)
    .optional()
    .meta({ description: 'Mesh node 1…254, group 0x80xx, or 65535 for all; default is the device itself' }),
  deadlineMs: z.number().int().min(MIN_DEADLINE_MS).max(MAX_DEADLINE_MS).default(DEFAULT_DEADLINE_MS),
};

const actions = [
  z.strictObject({ command: z.literal('power'), on: z.boolean(), ...common }),
  z.strictObject({ command: z.literal('brightness'), level, ...common }),
  z.strictObject({ command: z.literal('temperature'), level, ...common }),
  z.strictObject({ command: z.literal('color'), r: component, g: component, b: component, ...common }),
  z.strictObject({ command: z.literal('show'), name: z.enum(LIGHT_SHOW_NAMES), ...common }),
  z.strictObject({ command: z.literal('mode'), mode: z.enum(SWITCH_MODES), ...common }),
] as const;

export const commandBody = z.discriminatedUnion('command', actions).meta({ id: 'Command' });
export type CommandBody = z.infer<typeof commandBody>;

const devices = z
  .array(deviceId)
  .min(1)
  .max(MAX_GROUP)
  .refine((ids) => new Set(ids).size === ids.length, 'each device once');

export const groupBody = z
  .discriminatedUnion('command', [
    actions[0].extend({ devices }),
    actions[1].extend({ devices }),
    actions[2].extend({ devices }),
    actions[3].extend({ devices }),
    actions[4].extend({ devices }),
    actions[5].extend({ devices }),
  ])
  .meta({ id: 'GroupCommand' });

/** A mesh comes in pages, so it may take longer than a command. */
const DEFAULT_MESH_DEADLINE_MS = 10_000;
export const meshQuery = z.strictObject({
  deadlineMs: z
    .string()
    .regex(/^\d{1,5}$/, `a whole number of milliseconds from ${MIN_DEADLINE_MS} to ${MAX_DEADLINE_MS}`)
    .transform(Number)
    .pipe(z.number().min(MIN_DEADLINE_MS).max(MAX_DEADLINE_MS))
    .default(DEFAULT_MESH_DEADLINE_MS)
    .describe(
      `Milliseconds, ${MIN_DEADLINE_MS} to ${MAX_DEADLINE_MS}; without it ${DEFAULT_MESH_DEADLINE_MS}`,
    ),
});

export const idempotencyKey = z.string().min(1).max(200, 'an Idempotency-Key has at most 200 characters');

export const receiptSchema = z
  .object({
    commandId: z.string(),
    deviceId,
    transport,
    outcome: z.enum(OUTCOMES),
    attempts: z.number().int(),
    latencyMs: z.number().meta({ description: 'From leaving the lane to the end' }),
    generation: z.number().int(),
    revision: z.number().int(),
    mirrored: z.boolean(),
  })
  .meta({ id: 'Receipt' });

export const groupReceiptSchema = z
  .object({ receipts: z.array(receiptSchema), failed: z.array(z.object({ deviceId, outcome: z.string() })) })
  .meta({ id: 'GroupReceipt' });
