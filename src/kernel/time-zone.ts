const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Minutes that `zone` (an IANA name) is east of UTC at `wallMs`, daylight saving included.
 * Throws a RangeError for a name that is no zone.
 */
export function utcOffsetMinutes(zone: string, wallMs: number): number {
  const name =
    longOffset(zone)
      .formatToParts(wallMs)
      .find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
  const minutes = Number(match?.[2] ?? 0) * 60 + Number(match?.[3] ?? 0);
  return match?.[1] === '-' ? -minutes : minutes;
}

/** The zone of this machine. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function longOffset(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  // A process knows a handful of zones at most: they come from configuration, never from input.
  formats.set(zone, format);
  return format;
}
