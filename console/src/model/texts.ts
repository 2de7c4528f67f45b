import { durationText } from '../../../src/cli/rollout/times';

const SECOND_MS = 1000;
const NOTHING = '–';

/** Three decimals at most, and none that say nothing: "12.5 %". */
export function percentText(value: number): string {
  return `${Math.round(value * 1000) / 1000} %`;
}

/** A measured percentage: one decimal. */
export function measuredText(value: number | null): string {
  return value === null ? NOTHING : `${value.toFixed(1)} %`;
}

/** A share from 0 to 1, with the decimals that matter near the whole: "99.95 %". */
export function ratioText(share: number | null): string {
  if (share === null) return NOTHING;
  const percent = share * 100;
  // Rounding must not make a whole of what is not one.
  const text = percent > 99.995 && percent < 100 ? '99.99' : percent.toFixed(percent > 99 ? 2 : 1);
  return `${percent === 100 ? '100' : text} %`;
}

export function millisecondsText(ms: number | null): string {
  if (ms === null) return NOTHING;
  return ms < SECOND_MS
    ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
    : `${(ms / SECOND_MS).toFixed(2)} s`;
}

export function rateText(perSecond: number): string {
  return `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)} /s`;
}

export function countText(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function secondsText(seconds: number | null): string {
  return seconds === null ? 'too long to say' : durationText(Math.max(SECOND_MS, seconds * SECOND_MS));
}

/** "Fri 20 Nov 2026, 14:40 UTC". */
export function instantText(ms: number): string {
  const at = new Date(ms);
  const day = at.toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day.replace(/^(\w+),? /, '$1 ')}, ${at.toISOString().slice(11, 16)} UTC`;
}

/** "14:40:07 UTC": for what happened just now. */
export function clockText(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)} UTC`;
}

/** "in 3 h", "3 h ago". */
export function fromNowText(ms: number, nowMs: number): string {
  const distance = ms - nowMs;
  if (Math.abs(distance) < SECOND_MS) return 'now';
  return distance > 0 ? `in ${durationText(distance)}` : `${durationText(-distance)} ago`;
}

export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
