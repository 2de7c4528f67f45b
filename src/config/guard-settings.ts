import { z } from 'zod';
import { count, milliseconds } from './numbers';

const ratio = z.number().min(1.1).max(1_000);

/** The guard: what it looks for, and how rarely it may be wrong (docs/guard.md). */
export const guard = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether the guard looks at all'),
  observeOnly: z.boolean().default(false).describe('It reports that new is worse, and does not roll back'),
  falseAlarmDays: z
    .number()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Less than one false rollback in so many days; the limits follow from it'),
  failureRatios: z
    .array(ratio)
    .min(1)
    .max(5)
    .default([2, 4, 10])
    .describe('How many times as often as on legacy commands may fail: a rule for each'),
  breakageRatio: ratio.default(20).describe('The same for devices that break'),
  latencyThresholdMs: milliseconds(1_500, 50, 60_000).describe(
    'A command unanswered for so long is bad; in the laboratory 800',
  ),
  asideLeast: count(50).describe('Broken devices that may be set aside, so that they are not counted again'),
  asidePercent: z
    .number()
    .min(0)
    .max(100)
    .default(5)
    .describe('The same as percent of the fleet, if that is more'),
  maxDevices: count(100_000).describe('Devices of which records and rhythm are kept'),
  maxInFlight: count(100_000).describe('Commands on the wire that are watched; one beyond is not evidence'),
});
