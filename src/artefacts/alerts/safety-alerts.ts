import { RECORDED } from '../../slo/recorded';
import { nameOf, selector } from './promql';
import { alertingRule, type AlertingRule } from './rule';
import { SLO_LABELS, SLO_RECORDS } from './slo-series';

const HOUR_MS = 3_600_000;

/** What has gone back already, and what could not be relied upon when something had to. */
export function safetyAlerts(): AlertingRule[] {
  return [...rolledBack(), ...guardAlerts(), ...heartbeat(), ...pathAlerts()];
}

function rolledBack(): AlertingRule[] {
  const legacy = { slo: 'command-success', transport: 'legacy' };
  return [
    alertingRule({
      alert: 'PointsmanLatched',
      runbook: 'rollback',
      severity: 'warning',
      expr: `max(${nameOf('latched')}) == 1`,
      labels: { kind: 'state' },
      summary: 'The rollout went back and is latched',
      description: 'Nothing raises it until a named person releases it with a reason.',
    }),
    alertingRule({
      alert: 'PointsmanLegacyFailing',
      runbook: 'rollback',
      severity: 'critical',
      expr: `${selector(RECORDED.errors, legacy)} / (${selector(RECORDED.events, legacy)} > 0) > 0.05
and on (${SLO_LABELS}) ${selector(SLO_RECORDS.errors(HOUR_MS), legacy)} >= 20`,
      for: '5m',
      labels: { kind: 'control' },
      summary: '{{ $value | humanizePercentage }} of the commands on legacy fail',
      description:
        'Going back would lead there. It is also what new is compared with, so alerts against new hold their peace.',
    }),
  ];
}

function guardAlerts(): AlertingRule[] {
  return [
    alertingRule({
      alert: 'PointsmanGuardTripped',
      runbook: 'guard',
      severity: 'critical',
      // The gauge is of the generation, and going back begins the next one: the count is what a scrape still finds.
      expr: `sum(increase(${nameOf('guardTrips')}[15m])) > 0 or max(${nameOf('guardTripped')}) == 1`,
      labels: { kind: 'guard' },
      summary: 'The guard found the new transport worse than legacy',
      description:
        'It has gone back by itself, unless it is set to observe only. The evidence is in the history.',
    }),
    alertingRule({
      alert: 'PointsmanGuardNoControl',
      runbook: 'guard',
      severity: 'warning',
      expr: `min(${nameOf('guardControl')}) == 0 and max(${nameOf('percentage')}) > 0`,
      for: '15m',
      labels: { kind: 'guard' },
      summary: 'The guard has nothing to compare the new transport with',
      description:
        'Too few commands of healthy devices on legacy: it cannot decide, and the objectives are alone.',
    }),
  ];
}

function heartbeat(): AlertingRule[] {
  return [
    alertingRule({
      alert: 'Watchdog',
      runbook: 'alert-path',
      severity: 'none',
      expr: 'vector(1)',
      summary: 'Always firing: a heartbeat',
      description: 'Pointsman listens for it. When it stays away, no other alert can be trusted to arrive.',
    }),
  ];
}

/** The way from Prometheus through Alertmanager to the rollout. */
function pathAlerts(): AlertingRule[] {
  const path = { runbook: 'alert-path', labels: { kind: 'path' } } as const;
  return [
    alertingRule({
      ...path,
      alert: 'PointsmanWatchdogSilent',
      severity: 'critical',
      expr: `max(${nameOf('watchdogSilent')}) == 1`,
      for: '1m',
      summary: 'Alerts do not arrive at Pointsman any more',
      description:
        'The way from Prometheus through Alertmanager is broken. Evaluator and guard go on without it.',
    }),
    alertingRule({
      ...path,
      alert: 'PointsmanRollbackMuted',
      severity: 'critical',
      expr: `max(${nameOf('rollbackMuted')}) > 0`,
      for: '1m',
      summary: '{{ $value }} silences or inhibitions keep rollback alerts away',
      description: 'A silence on an alert with an action switches that way back off.',
    }),
    alertingRule({
      ...path,
      alert: 'PointsmanRulesFailing',
      severity: 'critical',
      expr: 'sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0',
      for: '1m',
      summary: 'Rules of {{ $labels.rule_group }} cannot be evaluated',
      description: 'What a rule does not record, the alerts behind it do not see.',
    }),
    alertingRule({
      ...path,
      alert: 'PointsmanRulesLate',
      severity: 'warning',
      expr: 'sum by (rule_group) (increase(prometheus_rule_group_iterations_missed_total[5m])) > 0',
      for: '5m',
      summary: 'Prometheus does not keep up with the rules of {{ $labels.rule_group }}',
      description:
        'Sums over long windows count looks: those that are missed make them too small, errors and events alike.',
    }),
    alertingRule({
      ...path,
      alert: 'PointsmanDeliveryFailing',
      severity: 'critical',
      expr: 'sum(increase(alertmanager_notifications_failed_total{integration="webhook"}[5m])) > 0 or sum(increase(prometheus_notifications_dropped_total[5m])) > 0',
      for: '2m',
      summary: 'Alerts cannot be delivered',
      description:
        'Alertmanager tries again while the answer is 5xx; a wrong token (401) it gives up at once.',
    }),
  ];
}
