import { z } from 'zod';
import { alertPathSchema, guardSchema } from './safeguards';
import { percentage, transport } from './shared';

/** Who did something, when, and why. */
const stampSchema = z.object({ since: z.string(), by: z.string(), reason: z.string() });

const planSchema = z.object({
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
});

const automationSchema = z.object({
  kind: z.enum(['manual', 'armed', 'paused', 'latched']),
  ...stampSchema.partial().shape,
});

const stageSchema = z
  .object({
    name: z.string(),
    index: z.number().int().meta({ description: 'From 1' }),
    of: z.number().int(),
    next: z.string().nullable(),
    enteredAt: z.string(),
    clockReset: z.object({ at: z.string(), why: z.string() }).nullable(),
    approvals: z.array(z.object({ by: z.string(), role: z.string(), at: z.string(), reason: z.string() })),
  })
  .meta({ id: 'Stage' });

const rungSchema = z
  .object({
    name: z.string(),
    percentage,
    holdback: percentage,
    mirror: percentage,
    holdMs: z.number().meta({ description: 'How long the stage lasts at least' }),
    state: z.enum(['done', 'current', 'ahead']),
  })
  .meta({ id: 'Rung' });

export const gateSchema = z
  .object({
    name: z.string(),
    state: z.enum(['open', 'closed', 'failing']),
    lacks: z.string().nullable().meta({ description: 'What it still lacks, in a sentence' }),
    readyAt: z.string().nullable().meta({ description: 'When it can have it, as far as that can be told' }),
    onFail: z.string().meta({ description: 'What a failing gate does' }),
  })
  .meta({ id: 'Gate' });

export const replicaSchema = z
  .object({
    replica: z.string(),
    revision: z.number().int(),
    generation: z.number().int(),
    percentage,
    devices: z.number().int().meta({ description: 'Connected to it' }),
    ageMs: z.number().meta({ description: 'Since it was heard of' }),
    self: z.boolean().meta({ description: 'The one that answers' }),
    differs: z.boolean().meta({
      description: 'It follows another plan than the one that answers, though it has had time to hear of it',
    }),
  })
  .meta({ id: 'Replica' });

export const storeSchema = z
  .object({
    kind: z.enum(['file', 'redis']),
    healthy: z.boolean(),
    detail: z.string().nullable().meta({ description: 'What is wrong, when something is' }),
    unstored: z.number().int().meta({ description: 'Changes in effect that wait to be stored' }),
  })
  .meta({ id: 'Store' });

export const rolloutSchema = z
  .object({
    plan: planSchema,
    automation: automationSchema,
    freeze: stampSchema.nullable(),
    stage: stageSchema,
    ladder: z.array(rungSchema),
    gates: z.array(gateSchema),
    effectivePercentage: percentage.nullable().meta({
      description: 'Measured over the commands of the last minute, of all replicas; null without any',
    }),
    coverage: z
      .object({
        known: z.number().int(),
        devices: z
          .number()
          .int()
          .meta({ description: 'Known ones that the plan gives to the new transport' }),
        spoken: z.number().int().meta({ description: 'Of those, heard of since they moved' }),
        decided: z
          .number()
          .int()
          .meta({ description: 'Of those, with a command over new decided since they moved' }),
        missing: z.array(z.string()).optional().meta({
          description: 'Replicas whose devices are not counted in: the figures are lower bounds then',
        }),
      })
      .meta({
        description:
          'The devices of all replicas, as of the latest judgement; of the answering one where there is no other',
      }),
    replicas: z.array(replicaSchema),
    store: storeSchema,
    guard: guardSchema,
    alerting: alertPathSchema,
    lastDrill: z.object({ at: z.string(), seconds: z.number() }).nullable().meta({
      description: 'The last rehearsal of a rollback, and how long it took until legacy served all',
    }),
    unchanged: z.string().optional().meta({ description: 'Why nothing was changed, when nothing was' }),
  })
  .meta({ id: 'Rollout' });
export type RolloutView = z.infer<typeof rolloutSchema>;
export type ReplicaView = z.infer<typeof replicaSchema>;
export type StoreView = z.infer<typeof storeSchema>;
export type GateView = z.infer<typeof gateSchema>;

/** What `event: traffic` carries. */
export const trafficSchema = z.object({ percentage, effectivePercentage: percentage.nullable() });
