import { z } from 'zod';
import type { Observe } from '../kernel/facts';
import { VERDICTS, type Judgement } from '../slo/verdict';
import { BoardAttempts } from '../store/board-attempts';
import type { Noticeboard } from '../store/noticeboard';

const BOARD = 'judgement';

const evidence = z.record(z.string(), z.unknown());
const measured = z.number().optional();
const fromReplicas = { replicas: measured, missing: z.array(z.string()).max(1_000).optional() };
const demand = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rollback'), rule: z.string(), why: z.string(), evidence }),
  z.object({
    kind: z.literal('pause'),
    rule: z.string(),
    why: z.string(),
    critical: z.boolean(),
    evidence,
  }),
]);

/** A judgement as it hangs on the board. Unknown fields are left out: replicas may be of two versions. */
const judgementSchema = z.object({
  at: z.iso.datetime(),
  generation: z.number().int().min(0),
  objectives: z
    .array(
      z.object({
        objective: z.string(),
        verdict: z.enum(VERDICTS),
        why: z.string(),
        target: z.number(),
        bad: measured,
        all: measured,
        evidenceNeeded: z.number(),
        eventsPerSecond: measured,
        budgetLeft: measured,
        budgetLeftWhole: measured,
        coverage: z.number(),
        evidence,
        observeOnly: z.literal(true).optional(),
      }),
    )
    .max(100),
  demands: z.array(demand).max(100),
  holds: z
    .array(z.object({ rule: z.string(), why: z.string() }))
    .max(100)
    .optional(),
  days: z
    .array(
      z.object({
        day: z.string(),
        objective: z.string(),
        result: z.enum(['met', 'failed', 'insufficient']),
      }),
    )
    .max(10_000),
  mirror: z.object({ compared: z.number(), disagreed: z.number(), ...fromReplicas }).optional(),
  coverage: z
    .object({
      devices: z.number(),
      spoken: z.number(),
      known: measured,
      absent: measured,
      decided: measured,
      sampled: measured,
      ...fromReplicas,
    })
    .optional(),
  guardRates: z.object({ firstFailures: z.number(), breakages: z.number() }).optional(),
});

export interface JudgementBoardParts {
  readonly board: Noticeboard;
  readonly replica: string;
  readonly ttlMs: number;
  readonly observe: Observe;
}

/** Where the leader shows its latest judgement to the replicas that do not judge. For display: nobody acts on it. */
export class JudgementBoard {
  private readonly attempts: BoardAttempts;

  constructor(private readonly parts: JudgementBoardParts) {
    this.attempts = new BoardAttempts(BOARD, parts.observe);
  }

  /** Never rejects. */
  async post(judgement: Judgement): Promise<void> {
    const { board, replica, ttlMs } = this.parts;
    await this.attempts.attempt(() => board.post(BOARD, replica, JSON.stringify(judgement), ttlMs));
  }

  /** The newest that is to be believed. Never rejects. */
  async read(): Promise<Judgement | undefined> {
    const notices = await this.attempts.attempt(() => this.parts.board.read(BOARD));
    let newest: Judgement | undefined;
    for (const notice of notices?.values() ?? []) {
      const judgement = parsed(notice);
      if (judgement && (!newest || judgement.at > newest.at)) newest = judgement;
    }
    return newest;
  }
}

function parsed(notice: string): Judgement | undefined {
  try {
    const { success, data } = judgementSchema.safeParse(JSON.parse(notice));
    return success ? (data as Judgement) : undefined;
  } catch {
    return undefined;
  }
}
