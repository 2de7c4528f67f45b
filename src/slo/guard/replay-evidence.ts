import { z } from 'zod';
import { RUN_SETTINGS, runEvidence } from './run-rule';
import { replayLooks, replayRun } from './replay';
import type { Limits } from './limits';
import type { Rule } from './sequential-test';

const MS = 1000;
const count = z.number();
const row = z.tuple([count, count, count, count, count, count, count]);
const course = z.object({
  least: count,
  before: z.object({ bad: count, legacyGood: count, legacyBad: count }),
  rows: z.array(z.tuple([count, count, count, count])),
});

/** What the guard has kept of a decision, as far as it is made again from it. */
const guardEvidence = z
  .object({
    rule: z.string(),
    at: z.string(),
    score: z.number(),
    limit: z.number(),
    falseAlarmDays: z.number(),
    limits: z.object({ failures: z.number(), breakages: z.number() }),
    tested: z.array(
      z.object({ name: z.string(), stream: z.enum(['failures', 'breakages']), ratio: z.number() }),
    ),
    looks: z.object({
      before: z.object({
        exposure: z.object({ new: z.number(), legacy: z.number() }),
        scores: z.array(z.number()),
      }),
      rows: z.array(row),
    }),
    /** Of a decision by total failure. */
    course: course.optional(),
  })
  .refine(({ rule, course: went }) => rule !== 'run' || went !== undefined);
export type GuardEvidence = z.infer<typeof guardEvidence>;

/** The rule that goes back, and when. */
interface GoneBack {
  readonly rule: string;
  readonly score: number;
  readonly limit: number;
  readonly at: string;
}

/** What the guard would have done with another wish for false alarms. */
export interface ReplayedGuard {
  /** What acted then. */
  readonly then: { readonly rule: string; readonly score: number; readonly limit: number };
  readonly falseAlarmDays: { readonly then: number; readonly now: number };
  /** In nats. */
  readonly limits: { readonly failures: number; readonly breakages: number };
  /** Undefined: no rule goes back after what was kept. */
  readonly now: GoneBack | undefined;
  readonly looks: number;
  /** Total failure is seen command by command, by a limit of its own that no setting moves. */
  readonly byRun: boolean;
}

/** The evidence of a decision by the guard; undefined when it is none. */
export function guardEvidenceOf(evidence: unknown): GuardEvidence | undefined {
  const parsed = guardEvidence.safeParse(evidence);
  return parsed.success ? parsed.data : undefined;
}

/**
 * Looks again at the seconds that were kept, and goes again through the run if there was one. A limit is a logarithm of
 * the days, so other days move it by a difference.
 */
export function replayGuard(evidence: GuardEvidence, falseAlarmDays: number): ReplayedGuard {
  const { rule, score, limit, limits: before, looks } = evidence;
  const moved = Math.log(falseAlarmDays / evidence.falseAlarmDays);
  const limits = { failures: before.failures + moved, breakages: before.breakages + moved };
  return {
    then: { rule, score, limit },
    falseAlarmDays: { then: evidence.falseAlarmDays, now: falseAlarmDays },
    limits,
    // A run ends with the decision, and all seconds that were kept are before it.
    now: backByLooks(evidence, limits) ?? backByRun(evidence),
    looks: looks.rows.length,
    byRun: rule === 'run',
  };
}

function backByLooks(
  { looks, tested }: GuardEvidence,
  limits: ReplayedGuard['limits'],
): GoneBack | undefined {
  const rules: readonly Rule[] = tested;
  const found = replayLooks(looks, rules, limitsFrom(limits));
  if (!found) return undefined;
  const { rule, score, limit } = found.reading;
  return { rule: rule.name, score, limit, at: isoOf(found.at * MS) };
}

function backByRun({ course: went, at }: GuardEvidence): GoneBack | undefined {
  const found = went && replayRun(went);
  if (!found) return undefined;
  const earlierMs = (went.rows.at(-1)?.[0] ?? 0) - found.at;
  const score = runEvidence(found.run);
  return { rule: 'run', score, limit: RUN_SETTINGS.nats, at: isoOf(Date.parse(at) - earlierMs) };
}

/** Looks a day do not matter here: the nats have them in them already. */
function limitsFrom({ failures, breakages }: ReplayedGuard['limits']): Limits {
  return { failures: { looksPerDay: NaN, nats: failures }, breakages: { looksPerDay: NaN, nats: breakages } };
}

function isoOf(wallMs: number): string {
  return new Date(wallMs).toISOString();
}
