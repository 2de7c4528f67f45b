import { z } from 'zod';
import { isDeviceId } from '../../kernel/device-id';
import { isPercentage, PERCENTAGE_RULE } from '../../kernel/percentage';
import { TRANSPORTS } from '../../kernel/words';

const MAX_REASON = 500;

export const DEVICE_ID_RULE = 'a device id is 8 lower-case hex digits';

export const deviceId = z
  .string()
  .refine(isDeviceId, DEVICE_ID_RULE)
  .meta({ id: 'DeviceId', pattern: '^[0-9a-f]{8}$', example: '37962469' });

/** A percentage that somebody asks for. */
export const wishedPercentage = z
  .custom<number>(isPercentage, PERCENTAGE_RULE)
  .meta({ type: 'number', minimum: 0, maximum: 100, multipleOf: 0.001 });

/** A percentage that is shown. */
export const percentage = z.number().min(0).max(100);
export const transport = z.enum(TRANSPORTS);

const REASON_RULE = `a reason is a text of 1 to ${MAX_REASON} characters that says why`;
/** Every change says why. */
export const reason = z.string(REASON_RULE).trim().min(1, REASON_RULE).max(MAX_REASON, REASON_RULE);

export const reasonBody = z.strictObject({ reason }).meta({ id: 'Reason' });

/** A page size as it stands in a URL: decimal digits only. */
export const pageSize = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'a whole number from 1 to 1000')
    .transform(Number)
    .pipe(z.number().min(1).max(1000))
    .default(fallback)
    .describe(`How many at most, 1 to 1000; without it ${fallback}`);
