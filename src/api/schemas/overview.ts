import { z } from 'zod';
import { ROLES } from '../../kernel/roles';

export const meSchema = z
  .object({
    name: z.string(),
    role: z.enum(ROLES),
    environment: z.string().meta({ description: 'The installation that answers, by its configuration' }),
    version: z.string().meta({ description: 'Of the program' }),
  })
  .meta({ id: 'Me' });
export type MeView = z.infer<typeof meSchema>;

const milliseconds = z.number().nullable().meta({ description: 'Of applied commands; null without any' });

const tallySchema = z
  .object({
    commands: z.number().int().meta({ description: 'Ended, and saying something of the transport' }),
    bad: z.number().int().meta({ description: 'Of those, not applied' }),
    p50Ms: milliseconds,
    p99Ms: milliseconds,
  })
  .meta({ id: 'TrafficTally' });
export type TallyView = z.infer<typeof tallySchema>;

const minuteSchema = z
  .object({
    ...tallySchema.shape,
    commandsPerSecond: z.number(),
    successRatio: z.number().nullable().meta({ description: 'Applied of all, 0 to 1; null without any' }),
  })
  .meta({ id: 'TrafficMinute' });
export type MinuteView = z.infer<typeof minuteSchema>;

export const recentTrafficSchema = z
  .object({
    at: z.string(),
    replica: z.string().meta({ description: 'Whose commands these are; others have their own' }),
    cellMs: z.number().int(),
    lastMinute: z.object({ new: minuteSchema, legacy: minuteSchema }),
    cells: z
      .array(
        z.object({
          at: z.string().meta({ description: 'Its beginning' }),
          new: tallySchema,
          legacy: tallySchema,
        }),
      )
      .meta({
        description: 'The last quarter of an hour, oldest first; those without commands are left out',
      }),
  })
  .meta({ id: 'RecentTraffic' });
export type RecentTrafficView = z.infer<typeof recentTrafficSchema>;

const GUARD_STATES = ['off', 'watching', 'no_canary', 'no_control', 'no_data', 'tripped'] as const;
const seconds = z.number().nullable();

export const safetySchema = z
  .object({
    guard: z.object({
      state: z.enum(GUARD_STATES),
      observeOnly: z.boolean(),
      scope: z.string(),
      rules: z.array(
        z.object({
          rule: z.string(),
          evidence: z.number().meta({ description: 'Against the new transport, in nats' }),
          limit: z.number().meta({ description: 'At which it rolls back' }),
          sentence: z.string(),
        }),
      ),
      secondsToSee: z
        .object({ twice: seconds, tenTimes: seconds, totalFailure: seconds })
        .meta({ description: 'Until it would be seen that new fails so many times as often' }),
      trip: z.string().nullable().meta({ description: 'Why it rolled back, if it has, in this generation' }),
    }),
    alertPath: z.object({
      state: z.enum(['not_expected', 'waiting', 'heard', 'silent']),
      heardAt: z.string().nullable().meta({ description: 'When the watchdog alert came last' }),
      mutes: z.enum(['not_asked', 'none', 'muted', 'unread']),
      mutedBy: z.array(z.string()).meta({ description: 'What keeps rollback alerts from being delivered' }),
    }),
  })
  .meta({ id: 'Safety' });
export type SafetyView = z.infer<typeof safetySchema>;
