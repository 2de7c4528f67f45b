const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const UNITS: readonly (readonly [number, string])[] = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [SECOND_MS, 's'],
];

/** The two largest units of a duration: "2 d 3 h". */
export function durationText(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  if (first < 0) return '0 s';
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, name] of UNITS.slice(first, first + 2)) {
    const whole = Math.floor(rest / unit);
    rest -= whole * unit;
    if (whole > 0) parts.push(`${whole} ${name}`);
  }
  return parts.join(' ');
}

/** A moment, absolute and relative: "2026-11-20 14:40:00 UTC (3 h 2 min ago)". */
export function momentText(iso: string, nowMs: number): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return iso;
  const absolute = `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${absolute} (${relativeText(iso, nowMs)})`;
}

/** "in 3 h", "3 h ago". */
export function relativeText(iso: string, nowMs: number): string {
  const distance = Date.parse(iso) - nowMs;
  if (Math.abs(distance) < SECOND_MS) return 'now';
  return distance > 0 ? `in ${durationText(distance)}` : `${durationText(-distance)} ago`;
}
