import { SLO_GAUGES } from '../../telemetry/slo-metrics';
import { nameOf, selector } from './promql';
import { alertingRule, type AlertingRule, type AlertParts } from './rule';

const RUNBOOK = 'control-plane';

/** Eight looks, of four a minute. */
const BLIND_SECONDS = 120;

const PATIENCE_SECONDS = 7 * 86_400;

const alert = (parts: Omit<AlertParts, 'runbook'>): AlertingRule =>
  alertingRule({ runbook: RUNBOOK, ...parts });

/** Whether there are processes, whether one of them looks at the rollout, and whether all follow one plan. */
export function controlPlaneAlerts(): AlertingRule[] {
  return [
    ...processAlerts(),
    ...evaluatorAlerts(),
    ...leaderAlerts(),
    ...replicaAlerts(),
    ...rampAlerts(),
    ...fleetAlerts(),
  ];
}

function processAlerts(): AlertingRule[] {
  const plan = nameOf('generation');
  return [
    alert({
      alert: 'PointsmanDown',
      severity: 'critical',
      expr: `absent(${plan})`,
      for: '1m',
      labels: { kind: 'down' },
      summary: 'No process of Pointsman answers',
      description: 'Devices cannot be reached through it, and nothing judges the ramp.',
    }),
    alert({
      alert: 'PointsmanReplicaDown',
      severity: 'warning',
      expr: `up == 0 and on (job, instance) last_over_time(${plan}[1h])`,
      for: '2m',
      labels: { kind: 'replica' },
      summary: '{{ $labels.instance }} does not answer any more',
      description: 'Its devices dial again and come to other replicas; what waited in its lanes is lost.',
    }),
    alert({
      alert: 'PointsmanProcessStruggling',
      severity: 'warning',
      expr: `nodejs_eventloop_lag_p99_seconds > 0.2 and on (job, instance) ${plan}`,
      for: '5m',
      labels: { kind: 'process' },
      summary: '{{ $labels.instance }} is {{ $value | humanizeDuration }} behind',
      description: 'Commands, heartbeats and the guard all wait for the event loop.',
    }),
    alert({
      alert: 'PointsmanJobsFail',
      severity: 'warning',
      expr: `sum(increase(${nameOf('jobFailures')}[10m])) > 0`,
      labels: { kind: 'process' },
      summary: 'A regular job ended in an error of the program',
      description: 'It runs again at its time. The log names the job (event job_failed).',
    }),
    alert({
      alert: 'PointsmanNotificationsFail',
      severity: 'warning',
      expr: `sum by (kind) (increase(${selector(nameOf('notifications'), { outcome: '=~"failed|dropped"' })}[10m])) > 0`,
      labels: { receiver_kind: '{{ $labels.kind }}' },
      summary: 'Notifications to people do not arrive',
      description:
        'Given up after the last try, or no room for them. The rollout does not depend on them; people do.',
    }),
  ];
}

function evaluatorAlerts(): AlertingRule[] {
  const ticks = nameOf('ticks');
  return [
    alert({
      alert: 'PointsmanEvaluatorSilent',
      severity: 'critical',
      expr: `sum(rate(${selector(ticks, { outcome: '=~"changed|unchanged"' })}[2m])) == 0 or absent(${ticks})`,
      for: '1m',
      labels: { kind: 'silence' },
      summary: 'Nobody has judged the rollout for minutes',
      description:
        'No raise can happen meanwhile. The guard and the alerts with an action still go back by themselves.',
    }),
    alert({
      alert: 'PointsmanEvaluatorBlind',
      severity: 'critical',
      expr: `max(${SLO_GAUGES.blind.name}) == 1 or max(${SLO_GAUGES.measuredAge.name}) > ${BLIND_SECONDS}`,
      for: '1m',
      labels: { kind: 'evaluator' },
      summary: 'The objectives cannot be measured',
      description:
        'Not measured is neither good nor bad: the ramp pauses and holds. The guard sees without Prometheus.',
    }),
    alert({
      alert: 'PointsmanReadersDisagree',
      severity: 'warning',
      expr: `max(${SLO_GAUGES.disagreement.name}) > 0`,
      for: '5m',
      labels: { kind: 'evaluator' },
      summary: 'On {{ $value }} series Prometheus and the counters of the process say different things',
      description:
        'One of the two witnesses is wrong: lost scrapes, two targets of one name, or another environment.',
    }),
    alert({
      alert: 'PointsmanTicksFail',
      severity: 'warning',
      expr: `sum by (outcome) (increase(${selector(ticks, { outcome: '=~"failed|overran"' })}[10m])) > 3`,
      labels: { kind: 'evaluator' },
      summary: 'Looks at the rollout end as {{ $labels.outcome }}',
      description: 'The next one begins afresh; when they go on failing, nothing judges the ramp.',
    }),
  ];
}

function leaderAlerts(): AlertingRule[] {
  return [
    alert({
      alert: 'PointsmanNoLeader',
      severity: 'critical',
      expr: `sum(${nameOf('leader')}) == 0`,
      for: '1m',
      labels: { kind: 'silence' },
      summary: 'No replica leads',
      description:
        'Each replica sees to its own safety and raises nothing. Mostly the store that holds the lease is away.',
    }),
    alert({
      alert: 'PointsmanTwoLeaders',
      severity: 'warning',
      expr: `sum(${nameOf('leader')}) > 1`,
      for: '2m',
      labels: { kind: 'replica' },
      summary: '{{ $value }} replicas believe that they lead',
      description:
        'Harmless for the plan, which only one of them can change, but their store does not tell them apart.',
    }),
  ];
}

function replicaAlerts(): AlertingRule[] {
  const revision = nameOf('revision');
  const ladder = nameOf('ladderFingerprint');
  return [
    alert({
      alert: 'PointsmanRevisionSkew',
      severity: 'critical',
      expr: `max(${nameOf('revisionSkew')}) == 1 or max(${revision}) - min(${revision}) > 0`,
      for: '30s',
      labels: { kind: 'replica' },
      summary: 'Replicas follow different plans',
      description:
        'A replica that does not hear of changes goes on with the percentage that it knows, after a rollback too.',
    }),
    alert({
      alert: 'PointsmanLaddersDiffer',
      severity: 'warning',
      expr: `max(${ladder}) - min(${ladder}) > 0`,
      for: '15m',
      labels: { kind: 'replica' },
      summary: 'Replicas were started with different ladders',
      description:
        'Whichever leads goes by its own stages and gates: what the ramp waits for changes with the leader.',
    }),
    alert({
      alert: 'PointsmanReplicasApart',
      severity: 'warning',
      expr: `min(${nameOf('replicas')}) < count(${nameOf('replicas')})`,
      for: '2m',
      labels: { kind: 'replica' },
      summary: 'A replica knows of {{ $value }} only, though more answer',
      description: 'It cannot reach the store that replicas share: its guard is alone, and slower for it.',
    }),
  ];
}

/** Without a step of its own nothing says that a ramp stands still: each of its gates is closed for a good reason. */
function rampAlerts(): AlertingRule[] {
  const age = `time() - max(${nameOf('stageEntered')})`;
  const isSteered = `max(${nameOf('automation')}) > 0`;
  return [
    alert({
      alert: 'PointsmanStageOverdue',
      severity: 'warning',
      expr: `${age} > 2 * max(${nameOf('stageHold')}) + ${PATIENCE_SECONDS}
and max(${nameOf('stage')}) < max(${nameOf('stages')}) and ${isSteered}`,
      for: '30m',
      labels: { kind: 'ramp' },
      summary: 'The ramp has been in its stage for {{ $value | humanizeDuration }}',
      description:
        'That is a week more than twice its hold. A gate stays closed, or somebody forgot a pause or a latch.',
    }),
  ];
}

function fleetAlerts(): AlertingRule[] {
  const devices = nameOf('connectedDevices');
  const commands = nameOf('commands');
  const onNew = `100 * sum(rate(${selector(commands, { transport: 'new' })}[10m])) / (sum(rate(${commands}[10m])) > 0)`;
  return [
    alert({
      alert: 'PointsmanDevicesGone',
      severity: 'critical',
      expr: `sum(${devices}) < 0.5 * sum(${devices} offset 10m) and sum(${devices} offset 10m) >= 20`,
      for: '2m',
      labels: { kind: 'fleet' },
      summary: 'Only {{ $value }} devices are connected, less than half of ten minutes ago',
      description:
        'Devices that are not connected produce neither successes nor failures, so no objective sees them.',
    }),
    alert({
      alert: 'PointsmanNoTraffic',
      severity: 'warning',
      expr: `sum(rate(${selector(nameOf('commands'), { transport: 'new' })}[30m])) == 0 and max(${nameOf('percentage')}) > 0`,
      for: '30m',
      labels: { kind: 'fleet' },
      summary: 'No command went over the new transport for half an hour',
      description: 'Without events there is no evidence: the ramp waits. It is neither good nor bad news.',
    }),
    alert({
      alert: 'PointsmanShareOff',
      severity: 'warning',
      expr: `abs(${onNew} - max(${nameOf('percentage')}) * (1 - max(${nameOf('holdback')}) / 100)) > 10
and sum(${devices}) >= 100`,
      for: '30m',
      labels: { kind: 'fleet' },
      summary: 'The share of commands on new is {{ $value }} points off what the plan says',
      description:
        'Few busy devices can do that; so can a replica that follows another plan, or pins that nobody remembers.',
    }),
  ];
}
