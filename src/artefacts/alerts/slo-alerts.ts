import { durationText } from '../../slo/duration';
import { minimumEvents, type Objective, type Tier } from '../../slo/objectives';
import { RECORDED } from '../../slo/recorded';
import { alertStem } from '../../slo/rollback-alerts';
import { YOUNG_COVERAGE } from '../../slo/rules';
import { decimal, nameOf, selector } from './promql';
import { alertingRule, type AlertingRule } from './rule';
import { burns, controlBurns, controlIsNoBetter, evidence, SLO_LABELS, SLO_RECORDS } from './slo-series';

const RUNBOOK = 'slo';

/** Only the generation that is current: what an earlier one has spent is history. */
const CURRENT = `and on (generation) count_values("generation", max(${nameOf('generation')}))`;

/** A verdict that fails three times in a row, a minute apart each. */
const LASTING = '2m';

/** Every alert of one objective. */
export function objectiveAlerts(objective: Objective): AlertingRule[] {
  return [
    ...objective.tiers.map((tier) => burnAlert(objective, tier)),
    ...(objective.observeOnly ? [] : steeringAlerts(objective)),
    noDataAlert(objective),
  ];
}

function steeringAlerts(objective: Objective): AlertingRule[] {
  return [
    ...objective.tiers.map((tier) => rollbackAlert(objective, tier)),
    exhaustedAlert(objective),
    ...objective.tiers.map((tier) => commonCauseAlert(objective, tier)),
  ];
}

/** For people, whoever is to blame. */
function burnAlert(objective: Objective, tier: Tier): AlertingRule {
  const spent = `${decimal(Number(((tier.factor * tier.longMs * 100) / objective.windowMs).toPrecision(3)))} %`;
  const empty = daysText(objective.windowMs / tier.factor);
  return alertingRule({
    alert: `${alertStem(objective)}Burn`,
    runbook: RUNBOOK,
    severity: tier.severity === 'page' ? 'critical' : 'warning',
    expr: burnsNow(objective, tier),
    labels: { kind: 'burn', ...tierLabels(tier) },
    summary: `${objective.title}: {{ $value | humanizePercentage }} were bad over ${durationText(tier.longMs)} on {{ $labels.transport }}`,
    description: `At least ${tier.factor} times what ${objective.targetPercent} % allow, over ${durationText(tier.longMs)} and ${durationText(tier.shortMs)}. At average traffic that is ${spent} of the budget of ${durationText(objective.windowMs)} in ${durationText(tier.longMs)}; it would be gone within ${empty}.`,
  });
}

/** A page goes back at once; a ticket when it has lasted for three looks. */
function rollbackAlert(objective: Objective, tier: Tier): AlertingRule {
  return alertingRule({
    alert: `${alertStem(objective)}Rollback`,
    runbook: 'rollback',
    severity: 'critical',
    expr: `${burnsNow(objective, tier)}\nunless ${sharedBy(objective, tier)}`,
    for: patienceWith(tier),
    labels: { action: 'rollback', kind: 'rollback', rule: 'burn', ...tierLabels(tier) },
    summary: `Back to legacy: {{ $value | humanizePercentage }} bad on new over ${durationText(tier.longMs)} (${objective.name})`,
    description: `The new transport burns ${tier.factor} times what ${objective.targetPercent} % allow, on at least ${objective.minimumFailures} failures among ${minimumEvents(objective, tier.factor)} events of generation {{ $labels.generation }}. ${controlSentence(objective, tier)}`,
  });
}

/**
 * The budget of this generation is gone: more than it allows was bad of all that happened so far. Only when some of the
 * window has been seen: on the first day a handful of failures is a month's budget.
 */
function exhaustedAlert(objective: Objective): AlertingRule {
  const of = (record: string, transport: string): string =>
    selector(record, { slo: objective.name, transport });
  return alertingRule({
    alert: `${alertStem(objective)}BudgetGone`,
    runbook: 'rollback',
    severity: 'critical',
    expr: `${of(SLO_RECORDS.budget, 'new')} < 0
and on (${SLO_LABELS}) ${of(SLO_RECORDS.periodEvents, 'new')} >= ${minimumEvents(objective, 1)}
and on (${SLO_LABELS}) ${of(SLO_RECORDS.periodErrors, 'new')} >= ${objective.minimumFailures}
and on (${SLO_LABELS}) ${of(SLO_RECORDS.coverage, 'new')} >= ${YOUNG_COVERAGE}
${CURRENT}
unless on (slo, generation) (
  ${of(SLO_RECORDS.budget, 'legacy')} < 0
  and on (${SLO_LABELS}) ${of(SLO_RECORDS.periodErrors, 'legacy')} >= ${objective.minimumFailures}
)
unless on (slo, generation) (
${indented(controlIsNoBetter(objective, { ratio: SLO_RECORDS.periodRatio, apart: SLO_RECORDS.periodApart }))}
)`,
    for: '0s',
    labels: { action: 'rollback', kind: 'rollback', rule: 'budget' },
    summary: `Back to legacy: the error budget of generation {{ $labels.generation }} is gone (${objective.name})`,
    description: `Of the budget of ${durationText(objective.windowMs)} {{ $value | humanizePercentage }} is left on new, and legacy kept its own, or there is no legacy traffic to compare with.`,
  });
}

/** Both paths fail: nobody learns anything from going back, and the ramp must not go on either. */
function commonCauseAlert(objective: Objective, tier: Tier): AlertingRule {
  return alertingRule({
    alert: `${alertStem(objective)}CommonCause`,
    runbook: RUNBOOK,
    severity: 'critical',
    expr: `${burnsNow(objective, tier)}\nand ${sharedBy(objective, tier)}`,
    for: patienceWith(tier),
    labels: { action: 'pause', kind: 'common-cause', ...tierLabels(tier) },
    summary: `Common cause: new and legacy both burn the budget of ${objective.name}`,
    description: `Over ${durationText(tier.longMs)} {{ $value | humanizePercentage }} were bad on new, and legacy fails the same rule or is not better by more than chance. The ramp pauses; nobody knows that going back would help.`,
  });
}

function burnsNow(objective: Objective, tier: Tier): string {
  return [burns(objective, tier, 'new'), evidence(objective, tier), CURRENT].join('\n');
}

function patienceWith({ severity }: Tier): string {
  return severity === 'page' ? '0s' : LASTING;
}

/** Legacy burns as well, or is not better by more than chance: going back is not known to help. */
function sharedBy(objective: Objective, { longMs, ...rest }: Tier): string {
  const records = { ratio: SLO_RECORDS.ratio(longMs), apart: SLO_RECORDS.apart(longMs) };
  const either = `(
${indented(controlBurns(objective, { longMs, ...rest }))}
) or (
${indented(controlIsNoBetter(objective, records))}
)`;
  return `on (slo, generation) (
${indented(either)}
)`;
}

/** No series at all: not measured is neither good nor bad, and nothing else here can fire then. */
function noDataAlert(objective: Objective): AlertingRule {
  const events = selector(RECORDED.events, { slo: objective.name, transport: 'new' });
  return alertingRule({
    alert: `${alertStem(objective)}NoData`,
    runbook: RUNBOOK,
    severity: 'warning',
    expr: `absent(${events})`,
    for: '10m',
    labels: { kind: 'silence' },
    summary: `Nobody measures ${objective.name}`,
    description:
      'The series that the rules of this objective rest on is missing. The ramp holds: it is neither raised nor taken back for that.',
  });
}

/** Says in the alert what the control did, or that there is none. */
function controlSentence(objective: Objective, tier: Tier): string {
  const ratio = `${SLO_RECORDS.ratio(tier.longMs)}{slo='${objective.name}',transport='legacy',generation='%s'}`;
  return `{{ with query (printf "${ratio}" $labels.generation) }}Legacy: {{ . | first | value | humanizePercentage }} bad.{{ else }}There is no legacy traffic to compare with.{{ end }}`;
}

function tierLabels(tier: Tier): Record<string, string> {
  return {
    long_window: durationText(tier.longMs),
    short_window: durationText(tier.shortMs),
    burn_factor: decimal(tier.factor),
  };
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function daysText(ms: number): string {
  return ms >= 2 * DAY_MS
    ? `${Math.round(ms / DAY_MS)} days`
    : `${Number((ms / HOUR_MS).toPrecision(2))} hours`;
}
