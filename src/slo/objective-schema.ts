import { z } from 'zod';
import { DURATION_RULE, durationOf } from './duration';
import { DEFAULT_MINIMUM_FAILURES } from './objectives';

/** Bounds of an objectives file: label values, series and queries grow with each of them. */
const LIMITS = { objectives: 20, tiers: 8, terms: 8, minimumFailures: 1_000 } as const;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a name has up to 40 small letters, digits and dashes, a letter first');
const duration = z.string().refine((text) => durationOf(text) !== undefined, DURATION_RULE);

const term = z.strictObject({
  metric: z.string().min(1).describe('Its name on /metrics, without the suffixes of a histogram'),
  where: z
    .record(z.string(), z.array(z.string()).min(1))
    .optional()
    .describe('Label → the values that count'),
  above: z
    .number()
    .positive()
    .optional()
    .describe('Of a histogram: seconds; what took longer than this boundary of its buckets'),
});
const terms = z.array(term).min(1).max(LIMITS.terms);

const tier = z.strictObject({
  long: duration,
  short: duration,
  factor: z.number().positive(),
  severity: z.enum(['page', 'ticket']),
});

/** One objective as a file says it. */
const writtenObjective = z.strictObject({
  name,
  title: z
    .string()
    .max(200)
    .regex(/^(?!.*\{\{).+$/, 'a title is one line, without {{: alerts are written with it'),
  target: z.number().describe('Good events wanted, in percent'),
  window: duration,
  bad: terms,
  all: terms,
  tiers: z.array(tier).min(1).max(LIMITS.tiers),
  observeOnly: z.boolean().optional().describe('It is judged and shown, and demands nothing'),
  minimumFailures: z
    .number()
    .int()
    .min(1)
    .max(LIMITS.minimumFailures)
    .optional()
    .describe(`Failures before anything is held against a transport; default ${DEFAULT_MINIMUM_FAILURES}`),
});

/** The whole file. */
export const objectivesFile = z.strictObject({
  objectives: z.array(writtenObjective).min(1).max(LIMITS.objectives),
});
