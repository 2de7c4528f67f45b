import type { ObjectiveView } from '../../../src/api/schemas/slos';
import { durationText } from '../../../src/cli/rollout/times';
import { ratioText } from './texts';

export interface BudgetRow {
  readonly name: string;
  readonly title: string;
  readonly verdict: ObjectiveView['verdict'];
  readonly verdictText: string;
  readonly why: string;
  readonly target: string;
  readonly measured: string;
  /** 0 to 1, for a bar; undefined when nothing was measured. */
  readonly left: number | undefined;
  readonly leftText: string;
  readonly pace: string;
  readonly evidence: string;
}

const VERDICTS: Readonly<Record<ObjectiveView['verdict'], string>> = {
  pass: 'met',
  fail: 'not met',
  insufficient: 'not enough evidence',
  unknown: 'not known',
};

export function budgetRow(objective: ObjectiveView): BudgetRow {
  const { budgetLeft, ratio } = objective;
  return {
    name: objective.name,
    title: objective.title,
    verdict: objective.verdict,
    verdictText: `${VERDICTS[objective.verdict]}${objective.observeOnly ? ' (observed only)' : ''}`,
    why: objective.why,
    target: `${ratioText(objective.target)} over ${objective.window}`,
    measured: ratioText(ratio === null ? null : 1 - ratio),
    left: budgetLeft === null ? undefined : Math.min(1, Math.max(0, budgetLeft)),
    leftText: leftText(objective),
    pace: paceText(objective),
    evidence: objective.evidence,
  };
}

function leftText({ budgetLeft, young }: ObjectiveView): string {
  if (budgetLeft === null) return 'not measured';
  const percent = `${Math.round(budgetLeft * 100)} % left`;
  return young ? `${percent}, of a young window` : percent;
}

/** How fast it goes: the rule that burns fastest, and when nothing is left. */
function paceText({ burnRates, timeToExhaustionMs }: ObjectiveView): string {
  const failing = burnRates.filter(({ state }) => state === 'failing').map(({ rule }) => rule);
  const fastest = Math.max(0, ...burnRates.map(({ burnRate }) => burnRate ?? 0));
  const parts = [
    fastest > 0 ? `burning at ${fastest.toFixed(1)} × the allowed pace` : 'not burning',
    ...(timeToExhaustionMs === null ? [] : [`spent in ${durationText(timeToExhaustionMs)} at this pace`]),
    ...(failing.length > 0 ? [`alert: ${failing.join(', ')}`] : []),
  ];
  return parts.join('; ');
}
