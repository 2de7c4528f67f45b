/** A gauge whose label sets are known once the configuration is: one series for each objective. */
export interface LabelledGauge {
  readonly type: 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

const labelled = <const Labels extends readonly string[]>(name: string, help: string, labels: Labels) =>
  ({ type: 'gauge', name, help, labels }) as const;

/** What the replica that judges says of the objectives. Other replicas have no series here. */
export const SLO_GAUGES = {
  compliance: labelled(
    'tcp_comm_slo_compliance',
    'Share of good events in the window of the objective, this generation, 0 to 1; NaN without any',
    ['objective', 'transport'],
  ),
  budgetRemaining: labelled(
    'tcp_comm_error_budget_remaining',
    'Share of the error budget that is left in this generation: 1 untouched, negative overspent; NaN without events',
    ['objective', 'transport'],
  ),
  budgetRemainingWhole: labelled(
    'tcp_comm_error_budget_remaining_whole',
    'The same of the new transport over the whole window, whatever the generation',
    ['objective'],
  ),
  burnRate: labelled(
    'tcp_comm_slo_burn_rate',
    'How many times faster than allowed the error budget of this generation goes, over each window of its tiers',
    ['objective', 'transport', 'window'],
  ),
  coverage: labelled('tcp_comm_slo_coverage', 'Share of the window that was measured in this generation', [
    'objective',
  ]),
  verdict: labelled(
    'tcp_comm_slo_verdict',
    '1 for the verdict on the new transport that stands, 0 for the others',
    ['objective', 'verdict'],
  ),
  measuredAge: labelled(
    'tcp_comm_evaluator_last_success_age_seconds',
    'Time since an objective was last measured; NaN before the first, and on a replica that does not judge',
    [],
  ),
  blind: labelled(
    'tcp_comm_evaluator_blind',
    '1 while objectives cannot be measured for longer than is bearable',
    [],
  ),
  disagreement: labelled(
    'tcp_comm_slo_witness_disagreements',
    "Series of this process on which Prometheus and the process's own counters do not agree",
    [],
  ),
  buildInfo: labelled('tcp_comm_build_info', 'Always 1: which program this is, where, and under which name', [
    'version',
    'environment',
    'replica',
  ]),
} as const;

export type SloGaugeName = keyof typeof SLO_GAUGES;
