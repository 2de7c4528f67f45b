const ISO = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/;
const MS_PER_SECOND = 1000;

/**
 * Milliseconds since the epoch of a capture's time stamp, fractions of them too; undefined when it is none. A time
 * without a zone is taken for UTC: only differences within one file count.
 */
export function instantOf(ts: string): number | undefined {
  const match = ISO.exec(ts);
  if (!match) return undefined;
  const [, second = '', fraction = '', zone = 'Z'] = match;
  const whole = Date.parse(`${second.replace(' ', 'T')}${zone}`);
  return Number.isNaN(whole) ? undefined : whole + Number(`0${fraction}`) * MS_PER_SECOND;
}

const MICROS_PER_MS = 1000;
const MICROS_PER_SECOND = 1_000_000;

/** The time stamp of an instant, in UTC and to the microsecond, as the corpus has it. */
export function timestampOf(atMs: number): string {
  const micros = Math.floor(atMs * MICROS_PER_MS) % MICROS_PER_SECOND;
  const fraction = String(micros).padStart(6, '0');
  return new Date(atMs).toISOString().replace(/\d{3}Z$/, `${fraction}Z`);
}
