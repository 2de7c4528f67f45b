import type { Judgement } from '../slo/verdict';
import type { RolloutDocument } from './document';
import { checkGates } from './gates';
import { rungAbove, rungOf, type Ladder, type Stage } from './ladder';
import type { GateReport } from './gate-report';

/** Where a rollout stands on its ladder, and what it lacks to go on. */
export interface StageReport {
  readonly stage: Stage;
  readonly index: number;
  /** Stages in all. */
  readonly of: number;
  readonly next: Stage | undefined;
  /** What must be true to leave the stage; none at the end of the ladder. */
  readonly gates: readonly GateReport[];
}

/** A judgement that is older says nothing about now, as when nobody judges any more. */
const JUDGED_LATELY_MS = 10 * 60_000;

/**
 * Computed from instants that are stored and from the judgement, so every replica that has both says the same. A
 * judgement of another generation counts as none, and so does an old one.
 */
export function reportStage(
  document: RolloutDocument,
  ladder: Ladder,
  judgement: Judgement | undefined,
  nowMs: number,
): StageReport {
  const rung = rungOf(ladder, document.position, document.plan.percentage);
  const next = rungAbove(ladder, rung)?.stage;
  const counts =
    judgement?.generation === document.plan.generation &&
    nowMs - Date.parse(judgement.at) <= JUDGED_LATELY_MS;
  const current = counts ? judgement : undefined;
  const gates =
    next === undefined
      ? []
      : checkGates(rung.stage, { document, freezes: ladder.freezes, judgement: current, nowMs });
  return { stage: rung.stage, index: rung.index, of: ladder.stages.length, next, gates };
}
