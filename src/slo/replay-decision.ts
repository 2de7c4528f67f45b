import { AppError } from '../kernel/errors';
import { accuse } from './accusation';
import { armFrom, storedEvidence, type StoredEvidence } from './evidence';
import { judgeObjective, windowsOf } from './objective-verdict';
import type { Objective } from './objectives';
import { STREAK } from './streaks';
import type { Verdict } from './verdict';

/** What would have been decided. */
export interface Replayed {
  readonly objective: string;
  /** The rule that acted then. */
  readonly then: string;
  readonly now: {
    readonly decision: 'rollback' | 'common_cause' | 'none';
    readonly rule: string | undefined;
    readonly verdict: Verdict;
    readonly why: string;
  };
  /** Windows that the changed objective asks for and that nobody read then. */
  readonly missing: readonly number[];
}

/** Judges the stored readings of a decision against other thresholds. Throws an AppError when they are none. */
export function replayDecision(evidence: unknown, objectives: readonly Objective[]): Replayed {
  const stored = storedEvidence.safeParse(evidence);
  if (!stored.success)
    throw new AppError(
      'input.invalid',
      'this entry holds no evidence of an objective, so there is nothing to replay',
    );
  const { data } = stored;
  const objective = objectives.find(({ name }) => name === data.objective.name);
  if (!objective)
    throw new AppError('input.invalid', `there is no objective ${data.objective.name} among those given`);
  return replayed(data, objective);
}

function replayed(data: StoredEvidence, objective: Objective): Replayed {
  const [accused, control] = [armFrom(data.new), armFrom(data.legacy)];
  const judged = judgeObjective({ objective, accused, control, whole: accused, young: false });
  const accusation = accuse(judged, data.streak.length >= STREAK);
  return {
    objective: objective.name,
    then: data.rule,
    now: {
      decision: accusation.kind,
      rule: accusation.kind === 'none' ? undefined : accusation.rule,
      verdict: judged.verdict.verdict,
      why: accusation.kind === 'none' ? judged.verdict.why : accusation.why,
    },
    missing: windowsOf(objective).filter((windowMs) => !accused.byWindow.has(windowMs)),
  };
}
