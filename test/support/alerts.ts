import type { Alert, Delivery } from '../../src/alerting/alert';

/** An alert that rolls generation 1 back, but for what `over` and `labels` say. */
export function alertWith(labels: Readonly<Record<string, string>> = {}, over: Partial<Alert> = {}): Alert {
  return {
    status: 'firing',
    labels: { alertname: 'NewPathFailing', action: 'rollback', generation: '1', ...labels },
    annotations: { summary: 'the new path fails' },
    startsAt: '2026-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph?g0.expr=failures+%3E+0.05',
    fingerprint: 'f1',
    ...over,
  };
}

export function delivery(...alerts: readonly Alert[]): Delivery {
  return { version: '4', alerts: [...alerts], truncatedAlerts: 0 };
}
