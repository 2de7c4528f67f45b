import { alertsOf } from '../alerts/rule';
import { ruleFiles } from '../alerts/rule-files';
import {
  changedValues,
  constantValues,
  counterValues,
  firing,
  type InputSeries,
  type RuleTest,
  type RuleTestFile,
} from './scenario';

const FILE = 'pointsman.rules.yaml';
const SCRAPES = 240;
const DAY_SECONDS = 86_400;
/** An hour of scrapes every fifteen seconds. */
const AT = '59m';

/** Values of series by their text. Undefined: the series is not there. */
type Series = Readonly<Record<string, string | undefined>>;

const still = (value: number): string => constantValues(value, SCRAPES);
const growing = (each: number): string => counterValues([{ scrapes: SCRAPES, each }]);
/** Ten minutes before the look at it. */
const lately = (before: number, after: number): string => changedValues(before, SCRAPES - 44, after);
const turning = (before: number, after: number): string => changedValues(before, SCRAPES / 2 - 1, after);

const A = '{job="pointsman",instance="a"}';
const B = '{job="pointsman",instance="b"}';

/** Two replicas at 10 %, in good health. */
const HEALTHY: Series = {
  [`up${A}`]: still(1),
  [`up${B}`]: still(1),
  [`tcp_comm_plan_generation${A}`]: still(3),
  [`tcp_comm_plan_generation${B}`]: still(3),
  [`tcp_comm_plan_revision${A}`]: still(8),
  [`tcp_comm_plan_revision${B}`]: still(8),
  tcp_comm_revision_skew: still(0),
  [`tcp_comm_replicas${A}`]: still(2),
  [`tcp_comm_replicas${B}`]: still(2),
  [`tcp_comm_rollout_leader${A}`]: still(1),
  [`tcp_comm_rollout_leader${B}`]: still(0),
  'tcp_comm_rollout_tick_total{outcome="unchanged"}': growing(1),
  'tcp_comm_rollout_tick_total{outcome="failed"}': growing(0),
  tcp_comm_job_failures_total: growing(0),
  'tcp_comm_notification_total{kind="slack",outcome="failed"}': growing(0),
  tcp_comm_evaluator_blind: still(0),
  tcp_comm_evaluator_last_success_age_seconds: still(10),
  tcp_comm_slo_witness_disagreements: still(0),
  [`nodejs_eventloop_lag_p99_seconds${A}`]: still(0.01),
  tcp_comm_devices_connected: still(1000),
  tcp_comm_canary_percentage: still(10),
  tcp_comm_canary_holdback_percentage: still(5),
  'tcp_comm_command_total{transport="new",outcome="applied"}': growing(15),
  'tcp_comm_command_total{transport="legacy",outcome="applied"}': growing(135),
  tcp_comm_rollout_latched: still(0),
  tcp_comm_rollout_automation: still(1),
  tcp_comm_rollout_stage: still(2),
  tcp_comm_rollout_stages: still(10),
  [`tcp_comm_rollout_ladder_fingerprint${A}`]: still(3735928559),
  [`tcp_comm_rollout_ladder_fingerprint${B}`]: still(3735928559),
  tcp_comm_rollout_stage_entered_timestamp_seconds: still(0),
  tcp_comm_rollout_stage_hold_seconds: still(3 * DAY_SECONDS),
  tcp_comm_guard_tripped: still(0),
  'tcp_comm_guard_trip_total{rule="run"}': growing(0),
  tcp_comm_guard_control: still(1),
  tcp_comm_watchdog_silent: still(0),
  tcp_comm_rollback_alerts_muted: still(0),
  'prometheus_rule_evaluation_failures_total{rule_group="x"}': growing(0),
  'prometheus_rule_group_iterations_missed_total{rule_group="x"}': growing(0),
  'alertmanager_notifications_failed_total{integration="webhook"}': growing(0),
  prometheus_notifications_dropped_total: growing(0),
  'tcp_comm_queue_full_total{transport="new"}': growing(0),
  'tcp_comm_queue_degraded_total{transport="new"}': growing(0),
  'tcp_comm_queue_policy_switch_total{transport="new",reason="deadlock_prevention"}': growing(0),
  dark_launch_success_total: growing(15),
  'dark_launch_error_total{error="x"}': growing(0),
  tcp_comm_mirror_sampled_total: growing(15),
  'tcp_comm_mirror_dropped_total{reason="x"}': growing(0),
  tcp_comm_mirror_breaker_state: still(0),
  tcp_comm_plan_store_up: still(1),
  tcp_comm_plan_age_seconds: still(1),
  tcp_comm_plan_store_refused: still(0),
  tcp_comm_plan_unstored_changes: still(0),
  'tcp_comm_plan_store_failures_total{operation="write",cause="timeout"}': growing(0),
  tcp_comm_lease_failures_total: growing(0),
  tcp_comm_plan_reasserted_total: growing(0),
  tcp_comm_plan_lowering_dropped_total: growing(0),
  'tcp_comm:slo_errors:rate{slo="command-success",transport="legacy",generation="3"}': still(0),
  'tcp_comm:slo_events:rate{slo="command-success",transport="legacy",generation="3"}': still(9),
  'tcp_comm:slo_errors:count1h{slo="command-success",transport="legacy",generation="3"}': still(0),
};

/** What makes each alert fire, beside good health. */
const CAUSES: Readonly<Record<string, Series>> = {
  PointsmanDown: { [`tcp_comm_plan_generation${A}`]: undefined, [`tcp_comm_plan_generation${B}`]: undefined },
  PointsmanReplicaDown: { [`up${B}`]: turning(1, 0) },
  PointsmanProcessStruggling: { [`nodejs_eventloop_lag_p99_seconds${A}`]: still(0.4) },
  PointsmanJobsFail: { tcp_comm_job_failures_total: growing(0.1) },
  PointsmanNotificationsFail: { 'tcp_comm_notification_total{kind="slack",outcome="failed"}': growing(0.1) },
  PointsmanEvaluatorSilent: { 'tcp_comm_rollout_tick_total{outcome="unchanged"}': growing(0) },
  PointsmanEvaluatorBlind: { tcp_comm_evaluator_blind: still(1) },
  PointsmanReadersDisagree: { tcp_comm_slo_witness_disagreements: still(2) },
  PointsmanTicksFail: { 'tcp_comm_rollout_tick_total{outcome="failed"}': growing(0.5) },
  PointsmanNoLeader: { [`tcp_comm_rollout_leader${A}`]: turning(1, 0) },
  PointsmanTwoLeaders: { [`tcp_comm_rollout_leader${B}`]: still(1) },
  PointsmanRevisionSkew: { [`tcp_comm_plan_revision${B}`]: still(7) },
  PointsmanLaddersDiffer: { [`tcp_comm_rollout_ladder_fingerprint${B}`]: still(3735928560) },
  PointsmanReplicasApart: { [`tcp_comm_replicas${B}`]: still(1) },
  PointsmanDevicesGone: { tcp_comm_devices_connected: `1000x216 300x${SCRAPES - 216}` },
  PointsmanNoTraffic: { 'tcp_comm_command_total{transport="new",outcome="applied"}': growing(0) },
  PointsmanStageOverdue: { tcp_comm_rollout_stage_entered_timestamp_seconds: still(-13 * DAY_SECONDS) },
  PointsmanShareOff: { 'tcp_comm_command_total{transport="new",outcome="applied"}': growing(60) },
  PointsmanLatched: { tcp_comm_rollout_latched: still(1) },
  PointsmanLegacyFailing: {
    'tcp_comm:slo_errors:rate{slo="command-success",transport="legacy",generation="3"}': still(1),
    'tcp_comm:slo_errors:count1h{slo="command-success",transport="legacy",generation="3"}': still(3600),
  },
  PointsmanGuardTripped: { 'tcp_comm_guard_trip_total{rule="run"}': lately(0, 1) },
  PointsmanGuardNoControl: { tcp_comm_guard_control: still(0) },
  PointsmanWatchdogSilent: { tcp_comm_watchdog_silent: still(1) },
  PointsmanRollbackMuted: { tcp_comm_rollback_alerts_muted: still(1) },
  PointsmanRulesFailing: { 'prometheus_rule_evaluation_failures_total{rule_group="x"}': growing(1) },
  PointsmanRulesLate: { 'prometheus_rule_group_iterations_missed_total{rule_group="x"}': growing(1) },
  PointsmanDeliveryFailing: { 'alertmanager_notifications_failed_total{integration="webhook"}': growing(1) },
  PointsmanQueueFull: { 'tcp_comm_queue_full_total{transport="new"}': growing(1) },
  PointsmanQueueDegraded: { 'tcp_comm_queue_degraded_total{transport="new"}': growing(0.1) },
  PointsmanQueueRelief: {
    'tcp_comm_queue_policy_switch_total{transport="new",reason="deadlock_prevention"}': growing(0.1),
  },
  PointsmanMirrorDisagrees: { 'dark_launch_error_total{error="x"}': growing(1) },
  PointsmanMirrorDropping: { 'tcp_comm_mirror_dropped_total{reason="x"}': growing(3) },
  PointsmanMirrorOff: { tcp_comm_mirror_breaker_state: still(2) },
  PointsmanStoreDown: { tcp_comm_plan_store_up: still(0) },
  PointsmanStoreFailing: {
    'tcp_comm_plan_store_failures_total{operation="write",cause="timeout"}': growing(1),
  },
  PointsmanPlanStale: { tcp_comm_plan_age_seconds: still(90) },
  PointsmanPlanUnstored: { tcp_comm_plan_unstored_changes: still(1) },
  PointsmanLeaseFailing: { tcp_comm_lease_failures_total: growing(1) },
  PointsmanPlanInvalid: { tcp_comm_plan_store_refused: still(1) },
  PointsmanStoreLost: { tcp_comm_plan_reasserted_total: growing(0.1) },
  PointsmanLoweringDropped: { tcp_comm_plan_lowering_dropped_total: growing(0.1) },
};

/** In good health only the heartbeat fires; each alert fires for its own cause. */
export function healthTests(): RuleTestFile {
  return {
    file: 'pointsman.test.yaml',
    about: ['In good health only the heartbeat fires; each alert fires for its own cause, and alone.'],
    rules: [FILE],
    everySeconds: 60,
    tests: [
      testOf('in good health only the heartbeat fires', {}, ['Watchdog']),
      ...Object.entries(CAUSES).map(([alert, series]) => testOf(alert, series, ['Watchdog', alert])),
    ],
  };
}

/** Alerts that nobody has made fire. */
export function untestedAlerts(): string[] {
  const files = ruleFiles().filter(({ file }) => file === FILE);
  return alertsOf(files)
    .map(({ alert }) => alert)
    .filter((alert) => alert !== 'Watchdog' && !(alert in CAUSES));
}

function testOf(name: string, series: Series, alerts: readonly string[]): RuleTest {
  return {
    name,
    interval: '15s',
    input_series: inputOf({ ...HEALTHY, ...series }),
    promql_expr_test: [
      firing(
        'alertname!=""',
        ['alertname'],
        AT,
        [...alerts].sort().map((alert) => `{alertname="${alert}"}`),
      ),
    ],
  };
}

function inputOf(series: Series): InputSeries[] {
  return Object.entries(series).flatMap(([text, values]) =>
    values === undefined ? [] : [{ series: text, values }],
  );
}
