import { budgetLeft, burnRate, PPM, ratioOf, shown, timeToExhaustionMs } from './budget';
import { durationText } from './duration';
import { passEvents, tierWindowsMs, type Objective } from './objectives';
import { readingOf, type Arm, type Reading } from './readings';
import { findingsOf, ruleName, YOUNG_COVERAGE, type Finding } from './rules';
import { inWords } from './verdict-words';
import { VERDICTS, type ObjectiveVerdict, type Verdict } from './verdict';

const HOUR_MS = 60 * 60_000;
const MS = 1000;

/** Everything that was read of one objective at one moment. */
export interface Measured {
  readonly objective: Objective;
  /** The new transport in the present generation. */
  readonly accused: Arm;
  /** Legacy in the same generation. */
  readonly control: Arm;
  /** The new transport over the whole window, whatever the generation. */
  readonly whole: Arm;
  /** The generation has only just begun, so that its series may not have arrived yet. */
  readonly young: boolean;
}

/** The verdict on an objective, and what each of its rules found. */
export interface Judged {
  readonly measured: Measured;
  readonly verdict: ObjectiveVerdict;
  readonly findings: readonly Finding[];
}

/** The windows that a verdict wants of the new transport and of the control. */
export function windowsOf(objective: Objective): number[] {
  return [...new Set([...tierWindowsMs(objective), HOUR_MS, objective.windowMs])].sort(
    (one, other) => one - other,
  );
}

/** The worst of several; `pass` of none. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return VERDICTS[Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)))] as Verdict;
}

export function judgeObjective(measured: Measured): Judged {
  const { objective, accused, whole } = measured;
  const findings = findingsOf(objective, accused);
  const window = readingOf(accused, objective.windowMs);
  const verdict = verdictOf(measured, window, findings);
  const counts = window.kind === 'counts' ? window : undefined;
  const left = counts && budgetLeft(counts, objective.budgetPpm);
  return {
    measured,
    findings,
    verdict: {
      objective: objective.name,
      verdict,
      why: inWords({ objective, verdict, window, findings }),
      target: (PPM - objective.budgetPpm) / PPM,
      bad: counts?.bad,
      all: counts?.all,
      evidenceNeeded: passEvents(objective),
      eventsPerSecond: eventsPerSecond(readingOf(accused, HOUR_MS)),
      budgetLeft: left,
      budgetLeftWhole: leftOf(readingOf(whole, objective.windowMs), objective.budgetPpm),
      coverage: counts ? shown(counts.coverage) : 0,
      ...(objective.observeOnly ? { observeOnly: true } : {}),
      evidence: evidenceOf(measured, findings, left),
    },
  };
}

function verdictOf({ objective, young }: Measured, window: Reading, findings: readonly Finding[]): Verdict {
  const found = (state: Finding['state']) => findings.some((finding) => finding.state === state);
  if (found('failing')) return 'fail';
  if (window.kind === 'no_data' || found('unknown')) return young ? 'insufficient' : 'unknown';
  const conclusive = window.all >= passEvents(objective) && !found('insufficient');
  // Clear rules and a whole window over its budget cannot be: that would be the rule of the budget itself.
  return conclusive ? 'pass' : 'insufficient';
}

function leftOf(reading: Reading, budgetPpm: number): number | undefined {
  return reading.kind === 'counts' ? budgetLeft(reading, budgetPpm) : undefined;
}

function eventsPerSecond(hour: Reading): number | undefined {
  if (hour.kind === 'no_data' || hour.coverage <= 0) return undefined;
  return (hour.all * MS) / (HOUR_MS * hour.coverage);
}

/** What is shown with the verdict; a demand carries more (evidence.ts). */
function evidenceOf(
  { objective, accused, control }: Measured,
  findings: readonly Finding[],
  left: number | undefined,
): ObjectiveVerdict['evidence'] {
  const [fastest] = objective.tiers;
  const recent = fastest && readingOf(accused, fastest.longMs);
  const burn = recent?.kind === 'counts' ? burnRate(recent, objective.budgetPpm) : undefined;
  const window = readingOf(accused, objective.windowMs);
  const legacy = readingOf(control, objective.windowMs);
  return {
    ratio: window.kind === 'counts' ? ratioOf(window) : undefined,
    window: durationText(objective.windowMs),
    young: window.kind === 'counts' && window.coverage < YOUNG_COVERAGE,
    timeToExhaustionMs: timeToExhaustionMs(left, burn, objective.windowMs),
    legacy: legacy.kind === 'counts' ? { bad: legacy.bad, all: legacy.all } : undefined,
    burnRates: findings.map(({ rule, state, burnRate: rate }) => ({
      rule: ruleName(rule),
      state,
      burnRate: rate,
    })),
    observeOnly: objective.observeOnly,
  };
}
