import { z } from 'zod';
import { isDeviceId } from '../kernel/device-id';
import { isPercentage, PERCENTAGE_RULE } from '../kernel/percentage';
import { STICKY_RULE } from '../kernel/sticky';
import { count } from './numbers';

/** What a cohort is, and why it is not one that changes by itself. */
export const COHORT_RULE = `a cohort is a list of device ids, 8 lower-case hex digits each; ${STICKY_RULE}`;

const percent = z.number().refine(isPercentage, PERCENTAGE_RULE);

/** What the rollout starts from, and what one change of it may be. */
export const rolloutSettings = z.strictObject({
  holdback: percent.default(5).describe('Percent of devices that stay on legacy, for comparison'),
  maxStep: percent
    .default(25)
    .describe('A raise that moves a larger share of the devices, in percent, wants to be confirmed'),
  maxPins: count(1_000, 1, 10_000).describe('Devices that may be pinned to a transport'),
  historyLimit: count(1_000).describe('Audit entries kept'),
  ladderFile: z
    .string()
    .min(1)
    .optional()
    .describe('YAML file of stages and gates; without one the ladder of docs/rollout.md is used'),
  seedPercentage: percent.default(0).describe('Percentage of a ramp that begins in an empty store'),
  seedMirror: z
    .boolean()
    .default(false)
    .describe('A ramp that begins in an empty store begins with the mirror on'),
  seedCohort: z
    .array(z.string().refine(isDeviceId, COHORT_RULE))
    .max(10_000)
    .default([])
    .describe('Devices pinned to the new transport when a ramp begins in an empty store'),
});
