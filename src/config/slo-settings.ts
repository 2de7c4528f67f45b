import { z } from 'zod';
import { count } from './numbers';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** How the transports are judged. */
export const slo = z.strictObject({
  objectivesFile: z
    .string()
    .min(1)
    .optional()
    .describe('YAML file of objectives (docs/slos.md); without one those of the programme stand'),
  blindTicks: count(4, 1, 1_000).describe(
    'Looks in a row at which nothing could be measured that pause the ramp and page',
  ),
  concurrency: count(8, 1, 64).describe('Questions that are put to Prometheus at once'),
  sampleMs: count(15 * SECOND_MS, SECOND_MS, MINUTE_MS).describe(
    "How often this process's own counts are kept",
  ),
  saveMs: count(60 * MINUTE_MS, MINUTE_MS, 24 * 60 * MINUTE_MS).describe(
    'How often they are written to the state directory',
  ),
  maxCells: count(5_000, 100, 100_000).describe(
    'Minutes and hours of them that are kept; the oldest go first',
  ),
});

/** Where and how Prometheus is asked. */
export const prometheus = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'an http or https address such as http://prometheus:9090' })
    .optional()
    .describe('Without one each process judges by its own counts'),
  timeoutMs: count(2_500, 100, 30_000).describe('A query that takes longer is given up'),
  bodyLimitBytes: count(1_048_576, 1_024, 67_108_864).describe('A longer answer is given up'),
  scrapeIntervalMs: count(15 * SECOND_MS, SECOND_MS, 2 * MINUTE_MS).describe(
    'How often Prometheus scrapes this program: what is older than three of them is stale',
  ),
  expectedReplicas: count(1, 1, 1_000).describe('Fewer targets up than this, and nothing is judged'),
  environment: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,63}$/, 'up to 63 letters, digits, dots, dashes and underscores')
    .default('default')
    .describe('Exported as a label, and asked for: numbers of another environment are refused'),
  selector: z
    .string()
    .max(500)
    .default('')
    .describe('Label matchers of this deployment where others share its Prometheus, such as job="pointsman"'),
  series: z
    .enum(['recorded', 'raw'])
    .default('recorded')
    .describe(
      'recorded: from the recording rules of alerts/. raw: from what is scraped, without them, at a higher cost',
    ),
});
