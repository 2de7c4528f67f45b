import { z } from 'zod';
import { isPercentage, PERCENTAGE_RULE } from '../kernel/percentage';
import { STICKY_RULE } from '../kernel/sticky';
import { utcOffsetMinutes } from '../kernel/time-zone';
import { ALL_OBJECTIVES, GATE_ACTIONS, WEEKDAYS } from './ladder';

/** Stages of a ladder, gates of a stage, freezes of a calendar: each of them at most. */
const MOST_STAGES = 50;
const MOST_GATES = 20;
const MOST_FREEZES = 200;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)([smhd])$/;

const duration = z
  .string()
  .regex(DURATION, 'a duration is a number with its unit: 90s, 30m, 12h or 7d')
  .transform((text) => {
    const [, amount, unit = 's'] = DURATION.exec(text) ?? [];
    return Math.round(Number(amount) * (UNIT_MS[unit] ?? 0));
  });

const percentage = z.custom<number>(isPercentage, PERCENTAGE_RULE);
const positive = z.number().int().min(1).max(1_000_000_000);
const name = z.string().min(1).max(60);
const objective = name.default(ALL_OBJECTIVES);
const onFail = z.enum(GATE_ACTIONS).default('hold');

const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;
const clockTime = z
  .string()
  .refine((text) => text === '24:00' || CLOCK_TIME.test(text), 'a time is hours and minutes: 02:30')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

export const zoneSchema = z.string().refine((text) => {
  try {
    return Number.isFinite(utcOffsetMinutes(text, 0));
  } catch {
    return false;
  }
}, 'an IANA time zone such as Europe/Berlin');

const sticky = z.literal(true, `sticky: false is refused: ${STICKY_RULE}`).optional();

const windowSchema = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS]),
    from: clockTime,
    to: clockTime,
    zone: zoneSchema.optional(),
  })
  .refine(({ from, to }) => from !== to, 'a window ends at another time than it begins');

const gate = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('objective'),
    name: name.optional(),
    objective,
    atLeast: percentage.optional(),
    onFail,
  }),
  z.strictObject({ kind: z.literal('budget'), name: name.optional(), objective, above: percentage, onFail }),
  z.strictObject({
    kind: z.literal('days'),
    name: name.optional(),
    objective,
    days: z.number().int().min(1).max(60),
    onFail,
  }),
  z.strictObject({
    kind: z.literal('mirror'),
    name: name.optional(),
    agree: percentage,
    compared: positive,
    onFail,
  }),
  z.strictObject({ kind: z.literal('evidence'), name: name.optional(), objective: name, clean: positive }),
  z.strictObject({
    kind: z.literal('approval'),
    name: name.optional(),
    role: name,
    count: z.number().int().min(1).max(20).default(1),
  }),
  z.strictObject({ kind: z.literal('window'), name: name.optional(), window: windowSchema }),
  z.strictObject({ kind: z.literal('coverage'), name: name.optional(), spoken: percentage }),
  z.strictObject({ kind: z.literal('drill'), name: name.optional(), within: duration }),
]);
export type WrittenGate = z.infer<typeof gate>;

const stage = z.strictObject({
  name,
  percentage,
  mirror: percentage.default(0),
  holdback: percentage.optional(),
  hold: duration.default(0),
  resets: z.array(z.enum(['failed_day', 'critical_pause'])).default([]),
  sticky,
  gates: z.array(gate).max(MOST_GATES).default([]),
});
export type WrittenStage = z.infer<typeof stage>;

const day = z.iso.date('a day such as 2026-12-24, or an instant such as 2026-12-24T18:00:00+01:00');
const instant = z.iso.datetime({ offset: true });
const freeze = z.strictObject({
  from: z.union([instant, day]),
  to: z.union([instant, day]),
  reason: z.string().min(1).max(500),
});

/** A ladder as people write it. Unknown keys are faults. */
export const ladderSchema = z.strictObject({
  zone: zoneSchema.default('UTC').describe('Zone of windows that name none, and of days in the calendar'),
  sticky,
  freezes: z.array(freeze).max(MOST_FREEZES).default([]),
  stages: z.array(stage).min(2).max(MOST_STAGES),
});
export type WrittenLadder = z.infer<typeof ladderSchema>;
