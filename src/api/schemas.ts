import { z } from 'zod';
import { isPercentage, PERCENTAGE_RULE } from '../kernel/percentage';
import { OUTCOMES, TRANSPORTS } from '../kernel/words';
import { LIGHT_SHOW_NAMES } from '../protocol/light-shows';
import { SWITCH_MODES } from '../protocol/actions';
import { isDeviceId } from '../kernel/device-id';

const MAX_GROUP = 100;
const DEFAULT_DEADLINE_MS = 5_000;
const MIN_DEADLINE_MS = 100;
const MAX_DEADLINE_MS = 60_000;
const MAX_REASON = 500;
const ALL_NODES = 0xffff;

export const deviceId = z
  .string()
  .refine(isDeviceId, 'a device id is 8 lower-case hex digits')
  .meta({ id: 'DeviceId', pattern: '^[0-9a-f]{8}$', example: '37962469' });

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

const REASON_RULE = `a reason is a text of 1 to ${MAX_REASON} characters that says why`;
const reason = z.string(REASON_RULE).trim().min(1, REASON_RULE).max(MAX_REASON, REASON_RULE);

/** Every change of the rollout says why. */
export const reasonBody = z.strictObject({ reason }).meta({ id: 'Reason' });

export const percentageBody = z
  .strictObject({
    percentage: z
      .custom<number>(isPercentage, PERCENTAGE_RULE)
      .meta({ type: 'number', minimum: 0, maximum: 100, multipleOf: 0.001 }),
    reason,
    confirm: z
      .boolean()
      .default(false)
      .meta({ description: 'Confirms a raise by more than the policy’s maxStep' }),
  })
  .meta({ id: 'SetPercentage' });

/** A page size as it stands in a URL: decimal digits only. */
const pageSize = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'a whole number from 1 to 1000')
    .transform(Number)
    .pipe(z.number().min(1).max(1000))
    .default(fallback);

export const devicesQuery = z.strictObject({
  limit: pageSize(100),
  after: deviceId.optional(),
});

/** A mesh comes in pages, so it may take longer than a command. */
const DEFAULT_MESH_DEADLINE_MS = 10_000;
export const meshQuery = z.strictObject({
  deadlineMs: z
    .string()
    .regex(/^\d{1,5}$/, `a whole number of milliseconds from ${MIN_DEADLINE_MS} to ${MAX_DEADLINE_MS}`)
    .transform(Number)
    .pipe(z.number().min(MIN_DEADLINE_MS).max(MAX_DEADLINE_MS))
    .default(DEFAULT_MESH_DEADLINE_MS),
});

export const historyQuery = z.strictObject({ limit: pageSize(50) });

export const idempotencyKey = z.string().min(1).max(200, 'an Idempotency-Key has at most 200 characters');

const percentage = z.number().min(0).max(100);
const transport = z.enum(TRANSPORTS);

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

const nodeSchema = z.object({
  node: z.number().int(),
  on: z.boolean(),
  brightness: z.number(),
  tone: z.number(),
  rgb: z.tuple([z.number(), z.number(), z.number()]),
  heard: z
    .boolean()
    .meta({ description: 'False: the bridge does not hear the node, and the rest is its last known state' }),
});

export const deviceSchema = z
  .object({
    deviceId,
    connected: z.boolean(),
    connections: z.number().int(),
    lastHeardAt: z.string(),
    ownNode: z.number().int().nullable(),
    firmware: z.object({ network: z.string().optional(), device: z.string().optional() }),
    nodes: z.array(nodeSchema),
    lane: z.object({ waiting: z.number().int(), inFlight: z.number().int() }),
  })
  .meta({ id: 'Device' });

export const infoSchema = z
  .object({
    deviceId,
    ownNode: z.number().int().nullable(),
    nodes: z.number().int(),
    firmware: z.object({ network: z.string().optional(), device: z.string().optional() }),
    telemetry: z.string().nullable().meta({ description: 'As the device wrote it: YYYYMMDD:HHMM:-RSSI,…' }),
  })
  .meta({ id: 'DeviceInfo' });

export const meshSchema = z
  .object({
    deviceId,
    transport,
    nodes: z.array(nodeSchema.omit({ heard: true }).extend({ deviceType: z.number().int() })),
  })
  .meta({ id: 'Mesh' });

export const devicePageSchema = z
  .object({ devices: z.array(z.object({ deviceId })), next: deviceId.nullable() })
  .meta({ id: 'DevicePage' });

export const routeSchema = z
  .object({
    deviceId,
    transport,
    reason: z.string(),
    bucket: z.number().int(),
    holdbackBucket: z.number().int(),
    percentage,
    holdback: percentage,
    salt: z.string(),
    revision: z.number().int(),
    generation: z.number().int(),
    seen: z.boolean(),
  })
  .meta({ id: 'Route' });
export type RouteView = z.infer<typeof routeSchema>;

const automationSchema = z.object({
  kind: z.string(),
  since: z.string().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
});

export const rolloutSchema = z
  .object({
    plan: z.object({
      percentage,
      holdback: percentage,
      pins: z.record(z.string(), transport),
      mirror: z.object({ on: z.boolean(), percentage }),
      salt: z.string(),
      revision: z.number().int(),
      generation: z.number().int(),
      setBy: z.string(),
      reason: z.string(),
      setAt: z.string(),
    }),
    automation: automationSchema,
    effectivePercentage: percentage
      .nullable()
      .meta({ description: 'Measured over the commands of the last minute; null without any' }),
    unchanged: z.string().optional().meta({ description: 'Why nothing was changed, when nothing was' }),
  })
  .meta({ id: 'Rollout' });
export type RolloutView = z.infer<typeof rolloutSchema>;

const auditedSchema = z.object({
  percentage,
  revision: z.number().int(),
  generation: z.number().int(),
  automation: z.string(),
});

export const historySchema = z
  .object({
    entries: z.array(
      z.object({
        at: z.string(),
        by: z.string(),
        action: z.string(),
        reason: z.string(),
        before: auditedSchema,
        after: auditedSchema,
        evidence: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'History' });
export type HistoryView = z.infer<typeof historySchema>;

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.object({ path: z.string(), rule: z.string() })).optional(),
    receipt: receiptSchema.optional(),
    current: z.unknown().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
export type Problem = z.infer<typeof problemSchema>;

export const forgottenSchema = z.object({ deviceId, forgotten: z.boolean() });
export const statusSchema = z.object({ status: z.string() });
