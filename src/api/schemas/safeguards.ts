import { z } from 'zod';

const seconds = z.number().nullable();

const count = z.number().int();
const latelySchema = z.object({
  commands: count,
  bad: count,
  clear: count.meta({ description: 'Of devices that had not failed shortly before' }),
});

/** What the guard sees and could see, on the replica that answers. */
export const guardSchema = z
  .object({
    state: z.enum(['off', 'watching', 'no_canary', 'no_control', 'no_data', 'tripped']),
    observeOnly: z.boolean(),
    generation: z.number().int(),
    falseAlarmDays: z
      .number()
      .meta({ description: 'Less than one false rollback in so many days: the limits follow from it' }),
    scope: z.string().meta({ description: 'Whose commands decide: this replica, or all replicas' }),
    replicas: z.number().int(),
    share: z
      .number()
      .nullable()
      .meta({ description: 'Of the commands that went over new, as measured, 0 to 1' }),
    rules: z.array(
      z.object({
        rule: z.string(),
        evidence: z.number().meta({ description: 'Against the new transport, in nats' }),
        limit: z.number().meta({ description: 'At which it goes back' }),
        sentence: z.string(),
      }),
    ),
    devices: z.object({
      suspect: z.number().int(),
      setAside: z.number().int(),
      followed: z.number().int(),
      inFlight: z.number().int(),
    }),
    lately: z.object({ new: latelySchema, legacy: latelySchema }).meta({
      description: 'Commands of the last minute, fading: failures count as evidence with clear devices alone',
    }),
    smallestBreakage: z.object({ best: z.number(), likely: z.number() }).nullable().meta({
      description: 'Share of the moved devices that must break to be seen: at best, and in 95 cases of 100',
    }),
    timeToSee: z
      .object({
        twice: seconds,
        threeTimes: seconds,
        tenTimes: seconds,
        totalFailure: seconds,
        badShare: z
          .number()
          .meta({ description: 'Share of bad commands that this assumes while nothing is wrong' }),
      })
      .meta({ description: 'Seconds until it would be seen that new fails so many times as often' }),
    trip: z
      .object({ rule: z.string(), sentence: z.string() })
      .nullable()
      .meta({ description: 'Why it went back in this generation, if it has' }),
  })
  .meta({ id: 'Guard' });
export type GuardView = z.infer<typeof guardSchema>;

/** Whether the alerts that go back can be relied upon to arrive. */
export const alertPathSchema = z
  .object({
    watchdog: z.object({
      state: z.enum(['not_expected', 'waiting', 'heard', 'silent']),
      heardAt: z.string().nullable(),
    }),
    mutes: z.object({
      state: z.enum(['not_asked', 'none', 'muted', 'unread']),
      by: z.array(z.string()).meta({ description: 'What keeps rollback alerts from being delivered' }),
      why: z.string().nullable().meta({ description: 'Why Alertmanager could not be asked' }),
    }),
  })
  .meta({ id: 'AlertPath' });
export type AlertPathView = z.infer<typeof alertPathSchema>;
