const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = [
  [DAY_MS, 'd'],
  [HOUR_MS, 'h'],
  [MINUTE_MS, 'min'],
  [SECOND_MS, 's'],
] as const;

/** What stands where nothing is known: never a number that looks like one. */
export const MISSING = 'not measured';

/** 0.99951 → 99.951 %. */
export function percent(share: number | null): string {
  if (share === null) return MISSING;
  return `${Number((share * 100).toFixed(3))} %`;
}

/** A budget may be overspent many times: there nobody reads decimals. */
export function budgetText(share: number | null): string {
  return share === null ? MISSING : `${Number((share * 100).toFixed(1))} %`;
}

export function whole(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The two largest units of a duration: 6 d 4 h. */
export function lasting(ms: number | null): string {
  if (ms === null) return 'not known';
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  if (first < 0) return '0 s';
  let rest = ms;
  const parts = UNITS.slice(first, first + 2).flatMap(([unit, name]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return parts.join(' ');
}

/** 2026-11-20 14:40 UTC. */
export function moment(iso: string | null): string {
  if (iso === null) return 'not known';
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso;
}
