import { z } from 'zod';
import { RUN_SETTINGS } from './run-rule';
import { replayLooks } from './replay';
import type { Limits } from './limits';
import type { Rule } from './sequential-test';

const count = z.number();
const row = z.tuple([count, count, count, count, count, count, count]);

/** What the guard has kept of a decision, as far as it is made again from it. */
const guardEvidence = z.object({
  rule: z.string(),
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
});
export type GuardEvidence = z.infer<typeof guardEvidence>;

/** What the guard would have done with another wish for false alarms. */
export interface ReplayedGuard {
  /** What acted then. */
  readonly then: { readonly rule: string; readonly score: number; readonly limit: number };
  readonly falseAlarmDays: { readonly then: number; readonly now: number };
  /** In nats. */
  readonly limits: { readonly failures: number; readonly breakages: number };
  /** The rule that goes back now, and at which second of the looks that were kept; undefined: none of them does. */
  readonly now:
    | { readonly rule: string; readonly score: number; readonly limit: number; readonly at: string }
    | undefined;
  readonly looks: number;
  /** Total failure is seen command by command, by a limit of its own that no setting moves. */
  readonly byRun: boolean;
}

/** The evidence of a decision by the guard; undefined when it is none. */
export function guardEvidenceOf(evidence: unknown): GuardEvidence | undefined {
  const parsed = guardEvidence.safeParse(evidence);
  return parsed.success ? parsed.data : undefined;
}

/** Looks again at the seconds that were kept. A limit is a logarithm of the days, so other days move it by a difference. */
export function replayGuard(evidence: GuardEvidence, falseAlarmDays: number): ReplayedGuard {
  const { rule, score, limit, limits: before, looks, tested } = evidence;
  const moved = Math.log(falseAlarmDays / evidence.falseAlarmDays);
  const limits = { failures: before.failures + moved, breakages: before.breakages + moved };
  const rules: readonly Rule[] = tested;
  const found = replayLooks(looks, rules, limitsFrom(limits));
  const byRun = rule === 'run';
  return {
    then: { rule, score, limit },
    falseAlarmDays: { then: evidence.falseAlarmDays, now: falseAlarmDays },
    limits,
    now: found
      ? {
          rule: found.reading.rule.name,
          score: found.reading.score,
          limit: found.reading.limit,
          at: new Date(found.at * 1000).toISOString(),
        }
      : byRun
        ? { rule, score, limit: RUN_SETTINGS.nats, at: lastOf(looks.rows) }
        : undefined,
    looks: looks.rows.length,
    byRun,
  };
}

/** Looks a day do not matter here: the nats have them in them already. */
function limitsFrom({ failures, breakages }: ReplayedGuard['limits']): Limits {
  return { failures: { looksPerDay: NaN, nats: failures }, breakages: { looksPerDay: NaN, nats: breakages } };
}

function lastOf(rows: GuardEvidence['looks']['rows']): string {
  return new Date((rows.at(-1)?.[0] ?? 0) * 1000).toISOString();
}
