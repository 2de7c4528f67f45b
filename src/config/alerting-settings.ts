import { z } from 'zod';

const ms = (fallback: number) =>
  z
    .number()
    .min(100)
    .max(24 * 3_600_000)
    .default(fallback);

/** How Alertmanager reaches this process, and how this process looks after it. */
export const alerting = z.strictObject({
  alertmanagerUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address' })
    .optional()
    .describe('Where to ask for silences that would mute a rollback; without it nobody asks'),
  readMutesMs: ms(30_000).describe('How often it is asked'),
  storeWithinMs: ms(1_000).describe(
    'A webhook call whose rollback is not stored by then is answered 503, so that it comes again',
  ),
  rememberedStale: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(1_000)
    .describe('Alerts of earlier generations that are known, so that each is written down once'),
  watchdogSilenceMs: ms(300_000).describe('The watchdog alert counts as missing after this'),
  watchdogExpected: z
    .boolean()
    .default(false)
    .describe('Missing from the start too, not only after it was heard once'),
});
