import { createHash } from 'node:crypto';
import { rulesFor, type Rule } from './sequential-test';

/** What an operator sets of the guard. */
export interface GuardSettings {
  readonly enabled: boolean;
  /** It says what it sees and does nothing. */
  readonly observeOnly: boolean;
  /** "Less than one false rollback in so many days." */
  readonly falseAlarmDays: number;
  /** How many times as often as legacy new may fail: one rule for each. */
  readonly failureRatios: readonly number[];
  /** The same for devices that break. */
  readonly breakageRatio: number;
  /** A command unanswered for so long is bad, whatever comes later. */
  readonly latencyThresholdMs: number;
  /** Broken devices set aside: at least so many, and beyond that this percentage of the fleet. */
  readonly asideLeast: number;
  readonly asidePercent: number;
  /** Bounds of memory. */
  readonly maxDevices: number;
  readonly maxInFlight: number;
}

/** All rules of one guard that may give a false alarm: those on streams, and the run rule. */
export function rulesOf({ failureRatios, breakageRatio }: GuardSettings): { rules: Rule[]; count: number } {
  const rules = rulesFor(failureRatios, breakageRatio);
  return { rules, count: rules.length + 1 };
}

/** Names the settings that a decision was made with. */
export function settingsHash(settings: GuardSettings): string {
  const sorted = Object.entries(settings).sort(([a], [b]) => a.localeCompare(b));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 12);
}
