import type { Judgement, ObjectiveVerdict } from '../slo/verdict';
import { closed, failing, OPEN, type Finding, type GateContext } from './gate-report';
import { ALL_OBJECTIVES, type Gate } from './ladder';
import { count, forecast, percent, readyAbout } from './sentences';

type Of<K extends Gate['kind']> = Extract<Gate, { kind: K }>;

/** The verdict of the objective, or the gate's own threshold of its ratio once there is enough evidence. */
export function checkObjective(gate: Of<'objective'>, context: GateContext): Finding {
  return checkEach(gate.objective, context, (verdict) =>
    gate.atLeast === undefined ? byVerdict(verdict, context) : byRatio(verdict, gate.atLeast, context),
  );
}

/** Share of the budget of this generation. Without a measurement, or with too little of it, no budget counts as left. */
export function checkBudget(gate: Of<'budget'>, context: GateContext): Finding {
  return checkEach(gate.objective, context, (verdict) => {
    const { objective, budgetLeft } = verdict;
    const missing = missingEvidence(verdict, context);
    if (missing !== undefined) return missing;
    if (!isNumber(budgetLeft)) return closed(`the budget of ${objective} could not be measured`);
    const left = percent(budgetLeft * 100);
    return budgetLeft * 100 > gate.above
      ? OPEN
      : failing(`more than ${percent(gate.above)} of the budget of ${objective} must be left, ${left} is`);
  });
}

/** Good events of this generation in the objective's window. */
export function checkEvidence(gate: Of<'evidence'>, context: GateContext): Finding {
  return checkEach(gate.objective, context, ({ objective, bad, all, eventsPerSecond }) => {
    if (!isNumber(bad) || !isNumber(all)) return closed(`${objective} could not be measured`);
    const clean = Math.max(all - bad, 0);
    if (clean >= gate.clean) return OPEN;
    const readyMs = forecast(gate.clean - clean, eventsPerSecond, context.nowMs);
    const about = readyAbout(readyMs, context.nowMs);
    return closed(
      `${count(gate.clean)} good events of ${objective} needed, ${count(clean)} seen${about}`,
      readyMs,
    );
  });
}

function byVerdict(verdict: ObjectiveVerdict, context: GateContext): Finding {
  if (verdict.verdict === 'pass') return OPEN;
  if (verdict.verdict === 'fail') return failing(`${verdict.objective} fails: ${verdict.why}`);
  return missingEvidence(verdict, context) ?? closed(`${verdict.objective}: ${verdict.why}`);
}

function byRatio(verdict: ObjectiveVerdict, atLeast: number, context: GateContext): Finding {
  const { objective, bad, all, evidenceNeeded } = verdict;
  if (verdict.verdict === 'unknown') return closed(`${objective} could not be measured: ${verdict.why}`);
  if (!isNumber(bad) || !isNumber(all) || all <= 0 || all < evidenceNeeded)
    return missingEvidence({ ...verdict, verdict: 'insufficient' }, context) ?? closed(`no ${objective} yet`);
  const good = ((all - bad) / all) * 100;
  return good >= atLeast
    ? OPEN
    : failing(
        `${percent(atLeast)} of ${objective} must be good, ${percent(good)} is: ${count(bad)} bad of ${count(all)}`,
      );
}

/** Why there is too little to go by, or undefined when there is enough. */
function missingEvidence(verdict: ObjectiveVerdict, { nowMs }: GateContext): Finding | undefined {
  const { objective, why, all, evidenceNeeded, eventsPerSecond } = verdict;
  if (verdict.verdict === 'unknown') return closed(`${objective} could not be measured: ${why}`);
  if (verdict.verdict !== 'insufficient') return undefined;
  const seen = isNumber(all) ? all : 0;
  if (!isNumber(evidenceNeeded) || seen >= evidenceNeeded)
    return closed(`${objective} has too little evidence: ${why}`);
  const readyMs = forecast(evidenceNeeded - seen, eventsPerSecond, nowMs);
  const about = readyAbout(readyMs, nowMs);
  return closed(
    `${count(evidenceNeeded)} events of ${objective} needed, ${count(seen)} seen${about}`,
    readyMs,
  );
}

/** One objective, or all that are judged: what fails comes before what is missing, and the latest forecast counts. */
function checkEach(
  objective: string,
  { judgement }: GateContext,
  check: (verdict: ObjectiveVerdict) => Finding,
): Finding {
  if (judgement === undefined) return closed('nothing was judged lately in this generation');
  const verdicts = verdictsOf(judgement, objective);
  if (verdicts.length === 0)
    return closed(objective === ALL_OBJECTIVES ? 'no objective is judged' : `${objective} is not judged`);
  return worstOf(verdicts.map(check));
}

/** Those that a gate means: the one that it names, or all that are not there to be looked at only. */
export function verdictsOf({ objectives }: Judgement, wanted: string): readonly ObjectiveVerdict[] {
  return objectives.filter(({ objective, observeOnly }) =>
    wanted === ALL_OBJECTIVES ? observeOnly !== true : objective === wanted,
  );
}

function worstOf(findings: readonly Finding[]): Finding {
  const bad = findings.filter((found) => found.state === 'failing');
  if (bad.length > 0) return failing(bad.map(({ lacks }) => lacks).join('; '));
  const missing = findings.filter((found) => found.state === 'closed');
  if (missing.length === 0) return OPEN;
  const ready = missing.map(({ readyMs }) => readyMs);
  const known = ready.filter((at) => at !== undefined);
  return closed(
    missing.map(({ lacks }) => lacks).join('; '),
    known.length === ready.length ? Math.max(...known) : undefined,
  );
}

function isNumber(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value);
}
