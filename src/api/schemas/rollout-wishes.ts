import { z } from 'zod';
import { TRANSPORTS } from '../../kernel/words';
import { DEVICE_ID_RULE, deviceId, pageSize, reason, wishedPercentage } from './shared';

const MAX_PINS = 1000;

const confirm = z
  .boolean()
  .default(false)
  .meta({ description: 'Confirms what is more than the policy’s maxStep or the gates allow' });

export const percentageBody = z
  .strictObject({ percentage: wishedPercentage, reason, confirm })
  .meta({ id: 'SetPercentage' });

export const holdbackBody = z
  .strictObject({ holdback: wishedPercentage, reason, confirm })
  .meta({ id: 'SetHoldback' });

export const mirrorBody = z
  .strictObject({
    on: z.boolean('on: true or false'),
    percentage: wishedPercentage
      .optional()
      .meta({ description: 'Share of devices to shadow; without it the last one, and 100 the first time' }),
    reason,
  })
  .meta({ id: 'SetMirror' });

const PIN_RULE = `a pin is one of: ${TRANSPORTS.map((name) => `"${name}"`).join(', ')}, null (no pin)`;

export const pinsBody = z
  .strictObject({
    pins: z
      .record(deviceId, z.enum(TRANSPORTS, PIN_RULE).nullable(), {
        error: ({ code }) => (code === 'invalid_key' ? DEVICE_ID_RULE : undefined),
      })
      .refine((pins) => Object.keys(pins).length > 0, 'name at least one device')
      .refine((pins) => Object.keys(pins).length <= MAX_PINS, `at most ${MAX_PINS} devices at once`)
      .meta({ description: 'Merged into the pins there are; null takes one away' }),
    reason,
    confirm,
  })
  .meta({ id: 'SetPins' });

export const promoteBody = z.strictObject({ reason, confirm }).meta({ id: 'Promote' });

export const rollbackBody = z
  .strictObject({
    reason,
    to: z
      .enum(['zero', 'previous_stage'])
      .default('zero')
      .meta({ description: 'previous_stage: to what the stage before had, and latched as well' }),
  })
  .meta({ id: 'Rollback' });

export const releaseBody = z
  .strictObject({
    reason,
    newSalt: z
      .boolean()
      .default(false)
      .meta({ description: 'Draws the cohorts anew: other devices go first' }),
  })
  .meta({ id: 'Release' });

const MOST_DRILL_SECONDS = 86_400;

/** A rehearsal of a rollback that somebody has made. */
export const drillBody = z
  .strictObject({
    reason,
    seconds: z
      .number('seconds: how long it took until legacy served everybody')
      .min(0)
      .max(MOST_DRILL_SECONDS)
      .optional()
      .meta({
        description:
          'Of a rehearsal elsewhere, until legacy served everybody; without it one is held here, beside the real devices',
      }),
  })
  .meta({ id: 'Drill' });

export const historyQuery = z.strictObject({
  limit: pageSize(50),
  after: z
    .string()
    .regex(/^\d{1,15}-\d{1,9}$/, 'the "next" of the page before')
    .optional()
    .describe('The "next" of the page before'),
});

export const revisionNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'a revision is a whole number')
  .transform(Number)
  .meta({ id: 'Revision' });
