const MINUTE = 60_000;
const UNITS = { m: MINUTE, h: 60 * MINUTE, d: 24 * 60 * MINUTE } as const;

export const DURATION_RULE = 'a duration is a whole number of minutes, hours or days: 5m, 6h, 30d';

/** The milliseconds of a text such as 5m, 6h or 30d; undefined when it is none. */
export function durationOf(text: string): number | undefined {
  const match = /^([1-9]\d{0,5})([mhd])$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

/** The shortest such text, as Prometheus understands it too. Whole minutes only. */
export function durationText(ms: number): string {
  const unit = (['d', 'h', 'm'] as const).find((name) => ms % UNITS[name] === 0);
  if (unit === undefined || ms <= 0) throw new RangeError(`${ms} ms are no whole number of minutes`);
  return `${ms / UNITS[unit]}${unit}`;
}
