import { z } from 'zod';

/** Whoever asks for more has Prometheus. */
export const MOST_REPORT_DAYS = 90;
const DEFAULT_DAYS = 30;

const countsSchema = z
  .object({
    bad: z.number(),
    all: z.number(),
    coverage: z.number().meta({ description: 'Share of the time that was measured, 0 to 1' }),
  })
  .meta({ id: 'ReportCounts' });
export type CountsView = z.infer<typeof countsSchema>;

const counts = countsSchema.nullable().meta({ description: 'null: it was not measured, which is not zero' });

const DAY_RESULTS = ['met', 'failed', 'insufficient', 'unmeasured'] as const;

const reportDaySchema = z.object({
  day: z.string().meta({ example: '2026-11-20' }),
  result: z.enum(DAY_RESULTS).meta({ description: 'Of the new transport, over all generations' }),
  new: counts,
  legacy: counts,
  why: z.string().nullable().meta({ description: 'Why new was not measured' }),
});
export type ReportDayView = z.infer<typeof reportDaySchema>;

const reportObjectiveSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    target: z.number().meta({ description: 'Share of good events wanted, 0 to 1' }),
    window: z.string().meta({ description: 'Its own, over which it is judged', example: '30d' }),
    observeOnly: z.boolean(),
    result: z.enum(DAY_RESULTS).meta({ description: 'Of the new transport over the whole period' }),
    new: counts,
    legacy: counts,
    budgetLeft: z
      .object({ new: z.number().nullable(), legacy: z.number().nullable() })
      .meta({ description: 'Of the budget of this period’s events: 1 untouched, negative overspent' }),
    days: z.array(reportDaySchema).meta({ description: 'Oldest first' }),
  })
  .meta({ id: 'ReportObjective' });
export type ReportObjectiveView = z.infer<typeof reportObjectiveSchema>;

export const sloReportSchema = z
  .object({
    from: z.string(),
    until: z.string().meta({ description: 'Not included' }),
    days: z.number().int(),
    source: z
      .enum(['prometheus', 'process'])
      .meta({ description: 'process: the counts of the answering replica alone, since it keeps any' }),
    replica: z.string(),
    doubts: z.array(z.string()).meta({ description: 'Why the numbers may not be whole' }),
    objectives: z.array(reportObjectiveSchema),
  })
  .meta({ id: 'SloReport' });
export type SloReportView = z.infer<typeof sloReportSchema>;

/** Decimal digits in a URL: days of a period. */
export const daysInUrl = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,3}$/, `a whole number from 1 to ${MOST_REPORT_DAYS}`)
    .transform(Number)
    .pipe(z.number().min(1).max(MOST_REPORT_DAYS))
    .default(fallback);

export const sloReportQuery = z.strictObject({
  days: daysInUrl(DEFAULT_DAYS).meta({
    description: `UTC days, the one included in which the period ends; 1 to ${MOST_REPORT_DAYS}`,
  }),
  until: z
    .union(
      [z.iso.datetime({ offset: true }), z.iso.date()],
      'a day such as 2026-11-20, which is included, or an instant',
    )
    .optional()
    .meta({ description: 'Without it: now' }),
});
