const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** 2995 → 2,995. Written out, so that it does not depend on the machine's language. */
export function count(value: number): string {
  return String(Math.floor(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** At most three decimals, none that say nothing. */
export function percent(value: number): string {
  return `${Math.round(value * 1000) / 1000} %`;
}

/** The two largest units of a duration: 6 d 4 h. */
export function duration(ms: number): string {
  const units: readonly (readonly [number, string])[] = [
    [DAY_MS, 'd'],
    [HOUR_MS, 'h'],
    [MINUTE_MS, 'min'],
    [SECOND_MS, 's'],
  ];
  const first = units.findIndex(([unit]) => ms >= unit);
  if (first < 0) return '0 s';
  const [[unit, name] = [DAY_MS, 'd'], below] = [units[first], units[first + 1]];
  const rest = below === undefined ? 0 : Math.floor((ms % unit) / below[0]);
  const head = `${Math.floor(ms / unit)} ${name}`;
  return below === undefined || rest === 0 ? head : `${head} ${rest} ${below[1]}`;
}

/** A moment as people say it: the time alone when it is today. UTC. */
export function moment(atMs: number, nowMs: number): string {
  const text = new Date(atMs).toISOString();
  const time = `${text.slice(11, 16)} UTC`;
  return utcDay(atMs) === utcDay(nowMs) ? time : `${text.slice(0, 10)} ${time}`;
}

/** Such as 2026-11-20. */
export function utcDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** The last millisecond that a Date can hold; forecasts beyond it are of no use to anybody. */
const FAR_FUTURE_MS = 8.64e15;

/** When `missing` more will have come at `perSecond`; undefined when nobody can know. */
export function forecast(missing: number, perSecond: number | undefined, nowMs: number): number | undefined {
  if (perSecond === undefined || !(perSecond > 0)) return undefined;
  const at = nowMs + (missing / perSecond) * SECOND_MS;
  return at < FAR_FUTURE_MS ? at : undefined;
}

/** ", ready about 14:40 UTC", or nothing when it is not known. */
export function readyAbout(readyMs: number | undefined, nowMs: number): string {
  return readyMs === undefined ? '' : `, ready about ${moment(readyMs, nowMs)}`;
}
