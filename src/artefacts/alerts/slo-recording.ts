import { durationText } from '../../slo/duration';
import { tierWindowsMs, type Objective } from '../../slo/objectives';
import { errorsRate, eventsRate, RECORDED } from '../../slo/recorded';
import { decimal } from './promql';
import type { RecordingRule } from './rule';
import { apartness, budgetOf, countOver, ratesOf, ratioOver, RULE_SECONDS, SLO_RECORDS } from './slo-series';

/** Two transports have gone into one number. */
const APART_BY = ['generation'] as const;
const BY = ['transport', 'generation'] as const;

/** Everything recorded of one objective, in the order in which one rule needs another. */
export function recordingRules(objective: Objective): RecordingRule[] {
  const labels = { slo: objective.name };
  const longWindows = [...new Set(objective.tiers.map(({ longMs }) => longMs))];
  const [errors, events] = ratesOf(objective);
  const record = (name: string, expr: string): RecordingRule => ({ record: name, expr, labels, by: BY });
  return [
    record(RECORDED.events, eventsRate(objective)),
    record(RECORDED.errors, errorsRate(objective)),
    ...tierWindowsMs(objective).map((ms) => record(SLO_RECORDS.ratio(ms), ratioOver(objective, ms))),
    ...longWindows.flatMap((ms) => [
      record(SLO_RECORDS.events(ms), countOver(events, ms)),
      record(SLO_RECORDS.errors(ms), countOver(errors, ms)),
    ]),
    ...longWindows.map((ms) => burnRule(objective, ms)),
    ...longWindows.map((ms) => ({
      record: SLO_RECORDS.apart(ms),
      expr: apartness(objective, {
        ratio: SLO_RECORDS.ratio(ms),
        errors: SLO_RECORDS.errors(ms),
        events: SLO_RECORDS.events(ms),
      }),
      labels,
      by: APART_BY,
    })),
    ...budgetRules(objective, record),
    ...wholeRules(objective),
    { record: SLO_RECORDS.target, expr: `vector(${decimal(objective.targetPercent / 100)})`, labels, by: [] },
  ];
}

function burnRule(objective: Objective, windowMs: number): RecordingRule {
  return {
    record: SLO_RECORDS.burn,
    expr: `${SLO_RECORDS.ratio(windowMs)}{slo="${objective.name}"} / ${budgetOf(objective)}`,
    labels: { slo: objective.name, window: durationText(windowMs) },
    by: BY,
  };
}

/** The objective's own window, in this generation: what has happened, what is left, and how much of it was seen. */
function budgetRules(
  objective: Objective,
  record: (name: string, expr: string) => RecordingRule,
): RecordingRule[] {
  const { name, windowMs, tiers } = objective;
  const [errors, events] = ratesOf(objective);
  const window = durationText(windowMs);
  const firstLong = tiers[0]?.longMs ?? windowMs;
  const of = `{slo="${name}"}`;
  const budget = budgetOf(objective);
  const seconds = windowMs / 1000;
  return [
    record(
      SLO_RECORDS.periodRatio,
      `sum_over_time(${errors}[${window}]) / (sum_over_time(${events}[${window}]) > 0)`,
    ),
    record(SLO_RECORDS.periodEvents, countOver(events, windowMs)),
    record(SLO_RECORDS.periodErrors, countOver(errors, windowMs)),
    {
      record: SLO_RECORDS.periodApart,
      expr: apartness(objective, {
        ratio: SLO_RECORDS.periodRatio,
        errors: SLO_RECORDS.periodErrors,
        events: SLO_RECORDS.periodEvents,
      }),
      labels: { slo: name },
      by: APART_BY,
    },
    record(SLO_RECORDS.budget, `1 - ${SLO_RECORDS.periodRatio}${of} / ${budget}`),
    record(SLO_RECORDS.coverage, `count_over_time(${events}[${window}]) * ${RULE_SECONDS} / ${seconds}`),
    // Absent while nothing burns: there is no end to show then.
    record(
      SLO_RECORDS.exhaustion,
      `${SLO_RECORDS.budget}${of} * ${seconds} / (${SLO_RECORDS.ratio(firstLong)}${of} / ${budget} > 0)`,
    ),
  ];
}

/** The same over all generations: budgets that a restarted ramp does not make new. */
function wholeRules(objective: Objective): RecordingRule[] {
  const labels = { slo: objective.name };
  const of = `{slo="${objective.name}"}`;
  const window = durationText(objective.windowMs);
  const { wholeErrors, wholeEvents, wholeRatio, wholeBudget } = SLO_RECORDS;
  const [errors, events] = ratesOf(objective);
  const record = (name: string, expr: string): RecordingRule => ({
    record: name,
    expr,
    labels,
    by: ['transport'],
  });
  return [
    record(wholeEvents, `sum by (transport) (${events})`),
    record(wholeErrors, `sum by (transport) (${errors})`),
    record(
      wholeRatio,
      `sum_over_time(${wholeErrors}${of}[${window}]) / (sum_over_time(${wholeEvents}${of}[${window}]) > 0)`,
    ),
    record(wholeBudget, `1 - ${wholeRatio}${of} / ${budgetOf(objective)}`),
  ];
}
