import type { PacketInit, PacketOf } from './catalogue';

const CLOCK_TAG = 0x0d;
const MINUTES_PER_HOUR = 60;
const MS_PER_MINUTE = 60_000;

/**
 * The answer to 0xC3: local time with its offset from UTC, which travels as signed ±HHMM (protocol 2.5).
 * `wallMs` counts from the Unix epoch, `offsetMinutes` is east-positive.
 */
export function clockAnswer(wallMs: number, offsetMinutes: number): PacketInit & { kind: 'clock_answer' } {
  const local = new Date(wallMs + offsetMinutes * MS_PER_MINUTE);
  const size = Math.abs(offsetMinutes);
  const hhmm = Math.trunc(size / MINUTES_PER_HOUR) * 100 + (size % MINUTES_PER_HOUR);
  return {
    kind: 'clock_answer',
    tag: CLOCK_TAG,
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    dayOfWeek: local.getUTCDay() + 1,
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    utcOffset: offsetMinutes < 0 ? -hhmm : hhmm,
  };
}

/** The instant that a clock answer names, in milliseconds since the Unix epoch. */
export function clockAnswerInstant(answer: PacketOf<'clock_answer'>): number {
  const size = Math.abs(answer.utcOffset);
  const minutes = Math.trunc(size / 100) * MINUTES_PER_HOUR + (size % 100);
  const local = Date.UTC(
    answer.year,
    answer.month - 1,
    answer.day,
    answer.hour,
    answer.minute,
    answer.second,
  );
  return local - (answer.utcOffset < 0 ? -minutes : minutes) * MS_PER_MINUTE;
}
