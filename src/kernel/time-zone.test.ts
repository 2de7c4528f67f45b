import { localZone, utcOffsetMinutes } from './time-zone';

describe('the offset of a time zone', () => {
  it.each([
    ['UTC', '2026-01-01T00:00:00Z', 0],
    ['Europe/London', '2026-01-15T12:00:00Z', 0],
    ['Europe/London', '2026-07-15T12:00:00Z', 60],
    ['America/New_York', '2026-01-15T12:00:00Z', -300],
    ['Asia/Kolkata', '2026-01-15T12:00:00Z', 330],
    ['Asia/Kathmandu', '2026-01-15T12:00:00Z', 345],
    ['America/St_Johns', '2026-01-15T12:00:00Z', -210],
    ['America/St_Johns', '2026-07-15T12:00:00Z', -150],
    ['Australia/Lord_Howe', '2026-01-15T12:00:00Z', 660],
    ['Australia/Lord_Howe', '2026-07-15T12:00:00Z', 630],
    ['Pacific/Kiritimati', '2026-01-15T12:00:00Z', 840],
    ['Pacific/Marquesas', '2026-01-15T12:00:00Z', -570],
  ])('%s at %s is %d minutes', (zone, instant, minutes) => {
    expect(utcOffsetMinutes(zone, Date.parse(instant))).toBe(minutes);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 60, 120],
    ['Europe/Berlin', '2026-10-25T01:00:00Z', 120, 60],
    ['America/New_York', '2026-03-08T07:00:00Z', -300, -240],
    ['America/New_York', '2026-11-01T06:00:00Z', -240, -300],
  ])('%s changes at %s to the millisecond', (zone, instant, before, after) => {
    const change = Date.parse(instant);
    expect(utcOffsetMinutes(zone, change - 1)).toBe(before);
    expect(utcOffsetMinutes(zone, change)).toBe(after);
  });

  it('is refused for a name that is no zone', () => {
    expect(() => utcOffsetMinutes('Mars/Olympus_Mons', 0)).toThrow(RangeError);
  });

  it('is known for the zone of this machine', () => {
    expect(Number.isInteger(utcOffsetMinutes(localZone(), 0))).toBe(true);
  });
});
