import { RUN_SETTINGS, runEvidence } from './run-rule';
import type { Reading } from './sequential-test';

/** Commands of clear devices a second on both paths, and what is known of them. */
export interface Traffic {
  readonly newPerSecond: number;
  readonly legacyPerSecond: number;
  /** Share of commands that are bad while nothing is wrong, 0…1. */
  readonly badShare: number;
}

/** The two looks that a limit must be held for, and half a second to the first of them. */
const CONFIRMATION_S = 1.5;
/** Beyond this it is not worth a number. */
const LONGEST_S = 7 * 86_400;
const STEP_S = 0.05;

/**
 * How many devices must break on new to be seen at all, in the best case: the share of all devices. Undefined where
 * one of the paths is empty.
 */
export function smallestBreakage(limitNats: number, devices: number, share: number): number | undefined {
  if (devices <= 0 || share <= 0 || share >= 1) return undefined;
  return Math.min(1, limitNats / (devices * share * Math.log(1 / share)));
}

/** Mean seconds until new failing `times` as often is seen; undefined: not within a week. */
export function timeToSee(
  times: number,
  traffic: Traffic,
  about: { readings: readonly Reading[]; overdueS: number },
): number | undefined {
  const { newPerSecond, legacyPerSecond, badShare } = traffic;
  const share = newPerSecond / (newPerSecond + legacyPerSecond);
  const onNew = newPerSecond * Math.min(1, badShare * times);
  const onLegacy = legacyPerSecond * badShare;
  const waits = about.readings
    .filter(({ rule }) => rule.stream === 'failures')
    .map(({ rule: { ratio }, limit }) => {
      const expected = Math.log(1 - share + ratio * share);
      return limit / (onNew * Math.log(ratio) - (onNew + onLegacy) * expected);
    })
    .filter((seconds) => seconds > 0);
  const wait = Math.min(...waits) + about.overdueS + CONFIRMATION_S;
  return wait <= LONGEST_S ? wait : undefined;
}

/** Seconds until total failure of new is seen; undefined: not within ten minutes. */
export function timeToSeeTotalFailure(
  { newPerSecond, legacyPerSecond }: Traffic,
  overdueS: number,
): number | undefined {
  if (newPerSecond <= 0 || legacyPerSecond <= 0) return undefined;
  for (let waited = STEP_S; waited < 600; waited += STEP_S) {
    const run = {
      bad: Math.floor(newPerSecond * waited),
      legacyGood: Math.floor(legacyPerSecond * waited),
      legacyBad: 0,
    };
    if (run.bad < RUN_SETTINGS.length || run.legacyGood === 0 || runEvidence(run) < RUN_SETTINGS.nats)
      continue;
    return overdueS + waited + RUN_SETTINGS.confirmMs / 1000 + 1 / legacyPerSecond;
  }
  return undefined;
}
