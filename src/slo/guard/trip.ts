import type { Evidence } from '../verdict';
import type { Limits } from './limits';
import type { Run } from './run-course';
import { RUN_SETTINGS, runEvidence, type ConfirmedRun } from './run-rule';
import type { Reading, Rule, Segment } from './sequential-test';
import type { Looks } from './weighing';

/** Whose tallies a decision rests on. */
export type Scope = 'this replica' | 'all replicas';

/** The guard's word that new is worse than legacy. */
export interface GuardTrip {
  readonly rule: string;
  readonly generation: number;
  readonly sentence: string;
  readonly evidence: Evidence;
}

/** The tallies that a decision rests on, and the limits that hold for them. */
export interface Weighed {
  readonly scope: Scope;
  readonly share: number;
  readonly rules: number;
  /** Those on streams, in the order in which their scores are kept. */
  readonly tested: readonly Rule[];
  readonly deciders: number;
  readonly limits: Limits;
  readonly looks: Looks;
}

/** What every trip is made with, whatever the rule. */
export interface Circumstances extends Weighed {
  readonly generation: number;
  /** Seconds since the Unix epoch. */
  readonly at: number;
  readonly falseAlarmDays: number;
  readonly settings: string;
}

export function tripOfReading(reading: Reading, about: Circumstances): GuardTrip {
  const { rule, score, limit, since, segment } = reading;
  const sentence = sentenceOf(reading);
  const { looksPerDay } = about.limits[rule.stream];
  const counted = { since: isoOf(since), ...counts(segment), looksPerDay };
  return tripOf(about, {
    rule: rule.name,
    stream: rule.stream,
    ratio: rule.ratio,
    score,
    limit,
    sentence,
    ...counted,
  });
}

export function tripOfRun(run: ConfirmedRun, about: Circumstances): GuardTrip {
  const score = runEvidence(run);
  const legacy = run.legacyGood + run.legacyBad;
  const segment = {
    new: { decided: run.bad, bad: run.bad },
    legacy: { decided: legacy, bad: run.legacyBad },
  };
  const sentence = `${runInWords(run)}; total failure: ${enough(score, RUN_SETTINGS.nats)}`;
  return tripOf(about, {
    rule: 'run',
    stream: 'run',
    score,
    limit: RUN_SETTINGS.nats,
    sentence,
    ...counts(segment),
    course: run.course,
  });
}

/** A run in plain words. */
export function runInWords({ bad, legacyGood, legacyBad }: Run): string {
  return `${whole(bad)} commands in a row failed or were late on new, meanwhile ${whole(legacyBad)} of ${whole(legacyGood + legacyBad)} on legacy`;
}

/** A reading in plain words. */
export function sentenceOf({ rule, score, limit, since, segment }: Reading): string {
  const time = isoOf(since).slice(11, 19);
  const share = (name: keyof Segment): string =>
    `${whole(segment[name].bad)} of ${whole(segment[name].decided)}`;
  const what = rule.stream === 'failures' ? 'commands failed or were late' : 'devices newly broke';
  return `since ${time} ${share('new')} ${what} on new, ${share('legacy')} on legacy; ${rule.ratio} times as many ${rule.stream}: ${enough(score, limit)}`;
}

/** Both in nats (docs/guard.md). */
function enough(score: number, limit: number): string {
  return `evidence ${score.toFixed(1)}, ${limit.toFixed(1)} is enough`;
}

function tripOf(
  { looks, limits, at, ...about }: Circumstances,
  what: Evidence & { rule: string; sentence: string },
): GuardTrip {
  const limitNats = { failures: limits.failures.nats, breakages: limits.breakages.nats };
  const { rule, sentence } = what;
  const evidence = { ...what, at: isoOf(at), ...about, limits: limitNats, looks };
  return { rule, sentence, generation: about.generation, evidence };
}

function counts({ new: one, legacy }: Segment): Evidence {
  return { new: one, legacy };
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function whole(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}
