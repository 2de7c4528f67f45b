import { ALERT_OUTCOMES } from '../kernel/alert-facts';

/** Counted from what Alertmanager delivers. */
export const ALERT_COUNTED = {
  alertsReceived: {
    type: 'counter',
    name: 'tcp_comm_alert_received_total',
    help: 'Alerts that Alertmanager delivered, by what they did; stale: of a generation that is over',
    labels: ['outcome'],
    values: [ALERT_OUTCOMES],
  },
} as const;

/** Read at the moment of a scrape. */
export const ALERT_GAUGES = {
  watchdogSilent: {
    type: 'gauge',
    name: 'tcp_comm_watchdog_silent',
    help: '1 while the alert that always fires stays away, so that no other alert can be trusted to arrive',
    labels: [],
    values: [],
  },
  rollbackMuted: {
    type: 'gauge',
    name: 'tcp_comm_rollback_alerts_muted',
    help: 'Silences and inhibitions in Alertmanager that keep rollback alerts away; NaN when it cannot be asked',
    labels: [],
    values: [],
  },
} as const;
