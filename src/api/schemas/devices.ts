import { z } from 'zod';
import { deviceId, pageSize, percentage, transport } from './shared';

export const devicesQuery = z.strictObject({
  limit: pageSize(100),
  after: deviceId.optional().describe('The "next" of the page before'),
});

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
    pin: transport.nullable(),
    latched: z.boolean().meta({ description: 'Pins to new are suspended while it is' }),
    movesAt: z
      .object({
        stage: z.string(),
        index: z.number().int(),
        of: z.number().int(),
        percentage,
        holdback: percentage,
        state: z.enum(['done', 'current', 'ahead']),
      })
      .nullable()
      .meta({ description: 'The first stage of the ladder that gives it the new transport, pins apart' }),
  })
  .meta({ id: 'Route' });
export type RouteView = z.infer<typeof routeSchema>;
export type MoveView = NonNullable<RouteView['movesAt']>;

export const forgottenSchema = z.object({ deviceId, forgotten: z.boolean() });
