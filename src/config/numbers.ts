import { z } from 'zod';

/** A whole number within a range; its unit is in the name of the setting. */
export function count(fallback: number, low = 1, high = 10_000_000) {
  return z.number().int().min(low).max(high).default(fallback);
}

/** A time that may have fractions of a millisecond, up to a day unless told otherwise. */
export function milliseconds(fallback: number, low = 1, high = 24 * 3_600_000) {
  return z.number().min(low).max(high).default(fallback);
}
