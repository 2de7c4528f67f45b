import { nameOf } from './promql';
import { alertingRule, type AlertingRule, type AlertParts } from './rule';

/** A plan is read, or confirmed, every second; half a minute without that is no hiccup. */
const STALE_SECONDS = 30;

const alert = (parts: Omit<AlertParts, 'runbook' | 'labels'>): AlertingRule =>
  alertingRule({ runbook: 'store', labels: { kind: 'store' }, ...parts });

/** Whether the plan is kept where it should be, and whether what is kept there can be believed. */
export function storeAlerts(): AlertingRule[] {
  return [...reachable(), ...believable()];
}

function reachable(): AlertingRule[] {
  return [
    alert({
      alert: 'PointsmanStoreDown',
      severity: 'critical',
      expr: `min(${nameOf('storeUp')}) == 0`,
      for: '30s',
      summary: 'A replica cannot use the store of the plan',
      description:
        'Commands go on by the last known plan. Lowering works at once and is stored later; raising is refused.',
    }),
    alert({
      alert: 'PointsmanStoreFailing',
      severity: 'warning',
      expr: `sum by (operation, cause) (increase(${nameOf('storeFailures')}[5m])) > 0`,
      for: '2m',
      summary: 'The store of the plan fails now and then: {{ $labels.operation }}, {{ $labels.cause }}',
      description: 'It works again in between. What fails is tried again.',
    }),
    alert({
      alert: 'PointsmanPlanStale',
      severity: 'warning',
      expr: `max(${nameOf('planAge')}) > ${STALE_SECONDS}`,
      for: '1m',
      summary: 'A replica has not seen the stored plan for {{ $value | humanizeDuration }}',
      description: 'It does not hear of changes that others make, a rollback among them.',
    }),
    alert({
      alert: 'PointsmanPlanUnstored',
      severity: 'critical',
      expr: `max(${nameOf('planUnstored')}) > 0`,
      for: '1m',
      summary: '{{ $value }} changes of the plan are in effect and not stored',
      description: 'They are tried again. A restart before that worked may bring the older plan back.',
    }),
    alert({
      alert: 'PointsmanLeaseFailing',
      severity: 'warning',
      expr: `sum(increase(${nameOf('leaseFailures')}[5m])) > 0`,
      for: '2m',
      summary: 'The lease of the leader can be neither taken nor prolonged',
      description: 'Its store does not answer. Without a leader nothing is raised.',
    }),
  ];
}

function believable(): AlertingRule[] {
  return [
    alert({
      alert: 'PointsmanPlanInvalid',
      severity: 'critical',
      expr: `max(${nameOf('planRefused')}) == 1`,
      summary: 'What stands in the store is no plan that could be believed',
      description: 'The last good plan goes on. Somebody or something else wrote there.',
    }),
    alert({
      alert: 'PointsmanStoreLost',
      severity: 'critical',
      expr: `sum(increase(${nameOf('reassertions')}[15m])) > 0`,
      summary: 'The store had lost or contradicted what was known',
      description:
        'The lower of the two was written back, latched if either was. A failed-over Redis can lose writes.',
    }),
    alert({
      alert: 'PointsmanLoweringDropped',
      severity: 'warning',
      expr: `sum(increase(${nameOf('loweringsDropped')}[15m])) > 0`,
      summary: 'A lowering that waited for the store was dropped, because the store was ahead of it',
      description: 'Somebody decided something newer meanwhile. The history has both.',
    }),
  ];
}
