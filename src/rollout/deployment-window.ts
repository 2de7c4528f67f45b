import { utcOffsetMinutes } from '../kernel/time-zone';
import { WEEKDAYS, type DeploymentWindow } from './ladder';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;
const WEEK_DAYS = 7;

/** What a wall clock in a zone shows. */
interface LocalTime {
  /** 0 is Sunday, as in WEEKDAYS. */
  readonly weekday: number;
  readonly minute: number;
}

/** Whether the window is open. Asked of the clock on the wall, so a day of 23 or 25 hours needs no rule of its own. */
export function isOpen(window: DeploymentWindow, atMs: number): boolean {
  const { weekday, minute } = localTime(window.zone, atMs);
  const { fromMinute, toMinute } = window;
  if (fromMinute < toMinute) return opensOn(window, weekday) && minute >= fromMinute && minute < toMinute;
  if (minute >= fromMinute) return opensOn(window, weekday);
  return minute < toMinute && opensOn(window, weekday + WEEK_DAYS - 1);
}

/** The first moment from now on at which it is open; undefined when it does not open in the next week. */
export function nextOpening(window: DeploymentWindow, nowMs: number): number | undefined {
  if (isOpen(window, nowMs)) return nowMs;
  // Local days as if they were UTC, so that each is visited once, however long it is.
  const today = Math.floor((nowMs + offsetMs(window.zone, nowMs)) / DAY_MS) * DAY_MS;
  for (let day = 0; day <= WEEK_DAYS; day += 1) {
    const opening = openingOn(window, today + day * DAY_MS, nowMs);
    if (opening !== undefined) return opening;
  }
  return undefined;
}

/**
 * The opening on the local day that begins at `midnightMs`, read as UTC. On a day on which the clock changes the time
 * may come twice, or never: then it opens at the first minute after the leap. So every minute between the two
 * readings of the clock is tried.
 */
function openingOn(window: DeploymentWindow, midnightMs: number, afterMs: number): number | undefined {
  const wanted = midnightMs + window.fromMinute * MINUTE_MS;
  const offsets = [wanted - DAY_MS, wanted + DAY_MS].map((near) => offsetMs(window.zone, near));
  const first = Math.max(wanted - Math.max(...offsets), Math.ceil(afterMs / MINUTE_MS) * MINUTE_MS);
  for (let at = first; at <= wanted - Math.min(...offsets); at += MINUTE_MS)
    if (isOpen(window, at)) return at;
  return undefined;
}

/** The first minute of a local day such as 2026-12-24. The day is one that exists. */
export function startOfDay(day: string, zone: string): number {
  const utc = Date.parse(day);
  const offsets = [utc - DAY_MS, utc + DAY_MS].map((near) => offsetMs(zone, near));
  const last = utc - Math.min(...offsets);
  let at = utc - Math.max(...offsets);
  while (at < last && at + offsetMs(zone, at) < utc) at += MINUTE_MS;
  return at;
}

function opensOn({ days }: DeploymentWindow, weekday: number): boolean {
  const name = WEEKDAYS[weekday % WEEK_DAYS];
  return name !== undefined && days.includes(name);
}

function localTime(zone: string, atMs: number): LocalTime {
  const local = new Date(atMs + offsetMs(zone, atMs));
  return { weekday: local.getUTCDay(), minute: local.getUTCHours() * 60 + local.getUTCMinutes() };
}

function offsetMs(zone: string, atMs: number): number {
  return utcOffsetMinutes(zone, atMs) * MINUTE_MS;
}
