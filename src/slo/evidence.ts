import { z } from 'zod';
import { PPM } from './budget';
import { durationOf, durationText } from './duration';
import { minimumEvents } from './objectives';
import type { Accusation } from './accusation';
import type { Judged } from './objective-verdict';
import type { Arm, Reading } from './readings';
import { APART, factorOf } from './rules';
import type { Evidence } from './verdict';

/** Of a query that is kept in the audit trail: two of them, and the numbers, are kept whole by it. */
const QUERY_KEPT = 5_000;

/** What a decision was made with: which program, and which settings. */
export interface Versions {
  readonly program: string;
  /** Hash of the objectives. */
  readonly objectives: string;
}

export interface Circumstances {
  readonly generation: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly source: string;
  readonly versions: Versions;
  /** Instants of the failing verdicts in a row. */
  readonly streak: readonly number[];
}

const counted = z.object({ bad: z.number(), all: z.number(), coverage: z.number() });
const arm = z.record(z.string(), counted.nullable());

/** What is read again when a decision is replayed; there is more in it for people. */
export const storedEvidence = z.object({
  kind: z.literal('objective'),
  objective: z.object({
    name: z.string(),
    budgetPpm: z.number(),
    windowMs: z.number(),
    minimumFailures: z.number(),
    tiers: z.array(
      z.object({
        longMs: z.number(),
        shortMs: z.number(),
        factor: z.number(),
        severity: z.enum(['page', 'ticket']),
      }),
    ),
  }),
  rule: z.string(),
  generation: z.number(),
  at: z.string(),
  streak: z.array(z.string()),
  new: arm,
  legacy: arm,
});
export type StoredEvidence = z.infer<typeof storedEvidence>;

/** Everything that the decision rests on, so that it can be understood, and made again, a year later. */
export function evidenceOf(
  { measured }: Judged,
  accusation: Exclude<Accusation, { kind: 'none' }>,
  { generation, at, source, versions, streak }: Circumstances,
): Evidence {
  const { objective, accused, control } = measured;
  const { name, targetPercent, budgetPpm, windowMs, minimumFailures, tiers } = objective;
  const factor = factorOf(accusation.finding.rule);
  return {
    kind: 'objective',
    objective: { name, targetPercent, budgetPpm, windowMs, minimumFailures, tiers },
    rule: accusation.rule,
    control: accusation.control,
    generation,
    at,
    source,
    streak: streak.map((wallMs) => new Date(wallMs).toISOString()),
    burnRate: accusation.finding.burnRate,
    thresholds: {
      factor,
      badShare: (factor * budgetPpm) / PPM,
      minimumEvents: minimumEvents(objective, factor),
      minimumFailures,
      apart: APART,
    },
    new: storedArm(accused),
    legacy: storedArm(control),
    queries: { new: accused.query.slice(0, QUERY_KEPT), legacy: control.query.slice(0, QUERY_KEPT) },
    versions,
  };
}

/** The readings of an arm as they were stored. */
export function armFrom(stored: StoredEvidence['new']): Arm {
  const byWindow = new Map<number, Reading>();
  for (const [text, reading] of Object.entries(stored)) {
    const windowMs = durationOf(text);
    if (windowMs !== undefined)
      byWindow.set(
        windowMs,
        reading ? { kind: 'counts', ...reading } : { kind: 'no_data', why: 'no data then' },
      );
  }
  return { byWindow, query: '' };
}

function storedArm({ byWindow }: Arm): StoredEvidence['new'] {
  return Object.fromEntries(
    [...byWindow].map(([windowMs, reading]) => [
      durationText(windowMs),
      reading.kind === 'counts' ? { bad: reading.bad, all: reading.all, coverage: reading.coverage } : null,
    ]),
  );
}
