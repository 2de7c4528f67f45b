import type { TransportName } from '../../kernel/words';
import { smallestBreakage, timeToSee, timeToSeeTotalFailure, type Traffic } from './forecast';
import type { Guard } from './guard';
import { shareOf } from './guarded-plan';
import { RUN_SETTINGS, runEvidence } from './run-rule';
import { EXPOSURE_FADE } from './sequential-test';
import { runInWords, sentenceOf, type GuardTrip, type Scope } from './trip';

/**
 * `no_canary`: no command of a clear device on new. `no_control`: none on legacy to compare it with. `no_data`: none at
 * all. In these nothing can trip, and `no_control` and `no_data` are no reason to go on.
 */
export type GuardState = 'off' | 'watching' | 'no_canary' | 'no_control' | 'no_data' | 'tripped';

export interface RuleReport {
  readonly rule: string;
  /** In nats. */
  readonly evidence: number;
  readonly limit: number;
  readonly sentence: string;
}

/** What the guard sees, for people and programs. */
export interface GuardReport {
  readonly state: GuardState;
  readonly observeOnly: boolean;
  readonly generation: number;
  readonly falseAlarmDays: number;
  readonly scope: Scope;
  readonly replicas: number;
  /** Share of traffic on new as it is measured, 0…1; undefined without traffic. */
  readonly share: number | undefined;
  readonly rules: readonly RuleReport[];
  readonly devices: {
    readonly suspect: number;
    readonly setAside: number;
    readonly followed: number;
    readonly inFlight: number;
  };
  /** Why failures may not be evidence: commands of the last minute on this replica, and how many were of clear devices. */
  readonly lately: Readonly<Record<TransportName, { commands: number; bad: number; clear: number }>>;
  /** Share of the moved devices that must break to be seen: at best, and in 95 of 100 cases. */
  readonly smallestBreakage: { readonly best: number; readonly likely: number } | undefined;
  /** Seconds until it would be seen that new fails so many times as often; undefined: too long to say. */
  readonly timeToSee: {
    readonly twice: number | undefined;
    readonly threeTimes: number | undefined;
    readonly tenTimes: number | undefined;
    readonly totalFailure: number | undefined;
    /** Share of bad commands that this assumes; not measured yet: 0.1 %. */
    readonly badShare: number;
  };
  readonly trip: GuardTrip | undefined;
}

/** Below so many remembered commands a path counts as empty. */
const TOO_FEW = 1;
const ASSUMED_BAD_SHARE = 0.001;
/** From remembered commands to commands a second. */
const PER_SECOND = 1 - EXPOSURE_FADE;

export function reportOf(guard: Guard): GuardReport {
  const { parts, hearing, scales } = guard;
  const { decisions, inFlight, pulses } = hearing;
  const { enabled, observeOnly, falseAlarmDays } = parts.settings;
  const state = enabled ? stateOf(guard) : 'off';
  return {
    state,
    observeOnly,
    generation: guard.guarded.generation,
    falseAlarmDays,
    scope: scales.scope,
    replicas: scales.company?.replicas ?? 1,
    share: state === 'no_data' || state === 'off' ? undefined : scales.deciding.test.share,
    rules: rulesOf(guard),
    devices: {
      suspect: decisions.records.remembered,
      setAside: decisions.records.setAside,
      followed: pulses.followed,
      inFlight: inFlight.size,
    },
    lately: { new: latelyOn('new', guard), legacy: latelyOn('legacy', guard) },
    smallestBreakage: breakageOf(guard),
    timeToSee: timesOf(guard),
    trip: guard.tripped,
  };
}

export function stateOf({ tripped, scales }: Guard): Exclude<GuardState, 'off'> {
  if (tripped) return 'tripped';
  const { exposure } = scales.deciding.test.state;
  if (exposure.new + exposure.legacy < TOO_FEW) return 'no_data';
  if (exposure.legacy < TOO_FEW) return 'no_control';
  return exposure.new < TOO_FEW ? 'no_canary' : 'watching';
}

function rulesOf({ scales, hearing }: Guard): RuleReport[] {
  const streams = scales.deciding.test.readings().map((reading) => ({
    rule: reading.rule.name,
    evidence: reading.score,
    limit: reading.limit,
    sentence: sentenceOf(reading),
  }));
  const { run } = hearing.decisions.run;
  const evidence = runEvidence(run);
  return [...streams, { rule: 'run', evidence, limit: RUN_SETTINGS.nats, sentence: runInWords(run) }];
}

function latelyOn(path: TransportName, { hearing, scales }: Guard): GuardReport['lately'][TransportName] {
  const { decided, bad } = hearing.decisions.lately[path];
  const clear = scales.own.test.state.exposure[path];
  return { commands: Math.round(decided), bad: Math.round(bad), clear: Math.round(clear) };
}

/** Of the fleet that this process sees; at the share of the plan, for it is known before the first command. */
function breakageOf({ parts, guarded, scales }: Guard): GuardReport['smallestBreakage'] {
  const limit = scales.deciding.limits.breakages.nats;
  const best = smallestBreakage(limit, parts.fleetSize(), shareOf(guarded));
  return best === undefined ? undefined : { best, likely: Math.min(1, 2 * best) };
}

function timesOf({ scales, parts }: Guard): GuardReport['timeToSee'] {
  const { deciding, rates } = scales;
  const { exposure } = deciding.test.state;
  const newPerSecond = exposure.new * PER_SECOND;
  const legacyPerSecond = exposure.legacy * PER_SECOND;
  const all = newPerSecond + legacyPerSecond;
  const measured = rates && all > 0 ? rates.firstFailures / all : 0;
  const badShare = measured > 0 ? Math.min(1, measured) : ASSUMED_BAD_SHARE;
  const traffic: Traffic = { newPerSecond, legacyPerSecond, badShare };
  const overdueS = parts.settings.latencyThresholdMs / 1000;
  const about = { readings: deciding.test.readings(), overdueS };
  const see = (times: number): number | undefined =>
    newPerSecond > 0 && legacyPerSecond > 0 ? timeToSee(times, traffic, about) : undefined;
  return {
    twice: see(2),
    threeTimes: see(3),
    tenTimes: see(10),
    totalFailure: timeToSeeTotalFailure(traffic, overdueS),
    badShare,
  };
}
