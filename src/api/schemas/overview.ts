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
