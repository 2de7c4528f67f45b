import { PPM } from '../../slo/budget';
import { durationText } from '../../slo/duration';
import { baseWindowMs, minimumEvents, type Objective, type Tier } from '../../slo/objectives';
import { RECORDED, RULE_INTERVAL_MS } from '../../slo/recorded';
import { APART } from '../../slo/rules';
import { decimal, selector } from './promql';

/** What is recorded of each objective beside its two rates: the long windows of the tiers, and the budgets. */
export const SLO_RECORDS = {
  /** Bad events of all events, in the window that ends the name. Labels: slo, transport, generation. */
  ratio: (windowMs: number) => `tcp_comm:slo_error_ratio:rate${durationText(windowMs)}`,
  errors: (windowMs: number) => `tcp_comm:slo_errors:count${durationText(windowMs)}`,
  events: (windowMs: number) => `tcp_comm:slo_events:count${durationText(windowMs)}`,
  /** The long window of each tier in multiples of the budget, for people. Also labelled: window. */
  burn: 'tcp_comm:slo_burn:ratio',
  /** How many standard errors new is worse than legacy, in the window that ends the name. Labels: slo, generation. */
  apart: (windowMs: number) => `tcp_comm:slo_apart:sigma${durationText(windowMs)}`,
  /** Over the objective's own window. */
  periodRatio: 'tcp_comm:slo_error_ratio:period',
  periodErrors: 'tcp_comm:slo_errors:period',
  periodEvents: 'tcp_comm:slo_events:period',
  periodApart: 'tcp_comm:slo_apart:sigma_period',
  budget: 'tcp_comm:slo_budget_remaining:ratio',
  coverage: 'tcp_comm:slo_coverage:ratio',
  exhaustion: 'tcp_comm:slo_exhaustion:seconds',
  /** The same over all generations. Labels: slo, transport. */
  wholeErrors: 'tcp_comm:slo_whole_errors:rate',
  wholeEvents: 'tcp_comm:slo_whole_events:rate',
  wholeRatio: 'tcp_comm:slo_whole_error_ratio:period',
  wholeBudget: 'tcp_comm:slo_whole_budget_remaining:ratio',
  /** The objective itself, so that a dashboard draws the line that the rules use. Label: slo. */
  target: 'tcp_comm:slo_target:ratio',
} as const;

/** What every recorded series of an objective is told apart by. */
export const SLO_LABELS = 'slo, transport, generation';

/** A short window counts as measured from here on, as it does for the evaluator: a look or two may be missing. */
const COVERED = 0.9;

export const RULE_SECONDS = RULE_INTERVAL_MS / 1000;

export function budgetOf({ budgetPpm }: Objective): string {
  return decimal(budgetPpm / PPM);
}

/** The share of bad events above which a tier burns. Whole numbers first: 14.4 × 0.001 is no binary fraction. */
function thresholdOf({ budgetPpm }: Objective, { factor }: Pick<Tier, 'factor'>): string {
  return decimal((factor * budgetPpm) / PPM);
}

/** Bad events of all events. The base window is recorded already; longer ones are sums of it. */
export function ratioOver(objective: Objective, windowMs: number): string {
  const [errors, events] = ratesOf(objective);
  if (windowMs === baseWindowMs(objective)) return `${errors} / (${events} > 0)`;
  const window = durationText(windowMs);
  return `sum_over_time(${errors}[${window}]) / (sum_over_time(${events}[${window}]) > 0)`;
}

export function countOver(rate: string, windowMs: number): string {
  return `sum_over_time(${rate}[${durationText(windowMs)}]) * ${RULE_SECONDS}`;
}

export function ratesOf({ name }: Objective): [errors: string, events: string] {
  return [selector(RECORDED.errors, { slo: name }), selector(RECORDED.events, { slo: name })];
}

/** Whether a tier burns on a transport: both windows, so that it is over when the fault is. */
export function burns(objective: Objective, tier: Tier, transport: 'new' | 'legacy'): string {
  const of = (windowMs: number): string =>
    selector(SLO_RECORDS.ratio(windowMs), { slo: objective.name, transport });
  const threshold = thresholdOf(objective, tier);
  return `${of(tier.longMs)} > ${threshold}
and on (${SLO_LABELS}) ${of(tier.shortMs)} > ${threshold}`;
}

/**
 * Enough failures among enough events to mean anything, in this generation. Fast tiers never wait; slow ones first ask
 * that their short window was measured: hours of evidence cannot be had in minutes.
 */
export function evidence(objective: Objective, tier: Tier): string {
  const labels = { slo: objective.name, transport: 'new' };
  const events = selector(SLO_RECORDS.events(tier.longMs), labels);
  const errors = selector(SLO_RECORDS.errors(tier.longMs), labels);
  const measured = `count_over_time(${selector(RECORDED.events, labels)}[${durationText(tier.shortMs)}])`;
  const lookAgain = `and on (${SLO_LABELS}) ${measured} >= ${Math.ceil((COVERED * tier.shortMs) / RULE_INTERVAL_MS)}`;
  return [
    `and on (${SLO_LABELS}) ${events} >= ${minimumEvents(objective, tier.factor)}`,
    `and on (${SLO_LABELS}) ${errors} >= ${objective.minimumFailures}`,
    ...(tier.severity === 'page' ? [] : [lookAgain]),
  ].join('\n');
}

/** The control fails the same rule. It may be small, so its failures count and a number of events is not asked for. */
export function controlBurns(objective: Objective, tier: Tier): string {
  const errors = selector(SLO_RECORDS.errors(tier.longMs), { slo: objective.name, transport: 'legacy' });
  return `${burns(objective, tier, 'legacy')}
and on (${SLO_LABELS}) ${errors} >= ${objective.minimumFailures}`;
}

/** What both transports are compared by. */
export interface Compared {
  readonly ratio: string;
  readonly errors: string;
  readonly events: string;
}

/** The difference of two shares over the standard error of what both have in common, as src/slo/rules.ts computes it. */
export function apartness(objective: Objective, { ratio, errors, events }: Compared): string {
  const ON = 'on (slo, generation)';
  const of = (name: string, transport: string): string => selector(name, { slo: objective.name, transport });
  const joined = (name: string, by: string): string =>
    `(${of(name, 'new')} ${by} ${ON} ${of(name, 'legacy')})`;
  const [bad, all] = [joined(errors, '+'), joined(events, '+')];
  // p (1 - p) (1/n + 1/m), with the shares multiplied out.
  return `${joined(ratio, '-')}
/ (sqrt(
  ${bad} * (${all} - ${bad})
  / (${all} * ${joined(events, '*')} > 0)
) > 0)`;
}

/** The control had events and is not better by more than chance: what keeps a rollback back beside a control that burns. */
export function controlIsNoBetter(objective: Objective, records: { ratio: string; apart: string }): string {
  const labels = { slo: objective.name };
  return `${selector(records.ratio, { ...labels, transport: 'legacy' })}
unless on (slo, generation) ${selector(records.apart, labels)} >= ${APART}`;
}
