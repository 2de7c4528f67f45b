import { z } from 'zod';
import { count, milliseconds } from './numbers';

/** How Alertmanager reaches this process, and how this process looks after it. */
export const alerting = z.strictObject({
  alertmanagerUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address' })
    .optional()
    .describe('Where to ask for silences that would mute a rollback; without it nobody asks'),
  readMutesMs: milliseconds(30_000, 100).describe('How often it is asked'),
  storeWithinMs: milliseconds(1_000, 100).describe(
    'A webhook call whose rollback is not stored by then is answered 503, so that it comes again',
  ),
  rememberedStale: count(1_000, 1, 100_000).describe(
    'Alerts of earlier generations that are known, so that each is written down once',
  ),
  watchdogSilenceMs: milliseconds(300_000, 100).describe('The watchdog alert counts as missing after this'),
  watchdogExpected: z
    .boolean()
    .default(false)
    .describe('Missing from the start too, not only after it was heard once'),
});
