import { COUNTED, GAUGES, type Definition } from '../../telemetry/catalogue';
import { SLO_GAUGES } from '../../telemetry/slo-metrics';
import { isAlert, type RuleFile } from '../alerts/rule';

/** A series that an expression may name: what it is, and the labels that it has. */
export interface KnownSeries {
  readonly type: Definition['type'] | 'recorded';
  readonly labels: ReadonlySet<string>;
  /** Label → its closed set of values, where it has one. */
  readonly values?: ReadonlyMap<string, readonly string[]>;
}

/** What Prometheus adds to everything that it scrapes. */
const TARGET = ['job', 'instance'];

/** What others export and the artefacts look at. */
const FOREIGN: Readonly<Record<string, readonly [Definition['type'], ...string[]]>> = {
  up: ['gauge'],
  ALERTS: [
    'gauge',
    'alertname',
    'alertstate',
    'severity',
    'action',
    'slo',
    'transport',
    'generation',
    'kind',
  ],
  process_cpu_seconds_total: ['counter'],
  process_resident_memory_bytes: ['gauge'],
  process_start_time_seconds: ['gauge'],
  process_open_fds: ['gauge'],
  nodejs_eventloop_lag_p99_seconds: ['gauge'],
  nodejs_heap_size_used_bytes: ['gauge'],
  nodejs_version_info: ['gauge', 'version'],
  prometheus_rule_evaluation_failures_total: ['counter', 'rule_group'],
  prometheus_rule_group_iterations_missed_total: ['counter', 'rule_group'],
  prometheus_notifications_dropped_total: ['counter'],
  alertmanager_notifications_failed_total: ['counter', 'integration'],
};

/** Every series that the program exports, the rules record, or others are known to export. */
export function knownSeries(files: readonly RuleFile[]): ReadonlyMap<string, KnownSeries> {
  const known = new Map<string, KnownSeries>();
  for (const definition of Object.values({ ...COUNTED, ...GAUGES }) as Definition[])
    for (const [name, series] of exported(definition)) known.set(name, series);
  for (const { name, type, labels } of Object.values(SLO_GAUGES))
    known.set(name, { type, labels: new Set([...TARGET, ...labels]) });
  for (const [name, [type, ...labels]] of Object.entries(FOREIGN))
    known.set(name, { type, labels: new Set([...TARGET, ...labels]) });
  for (const rule of files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))) {
    if (isAlert(rule)) continue;
    const labels = [...rule.by, ...Object.keys(rule.labels ?? {})];
    known.set(rule.record, { type: 'recorded', labels: new Set(labels) });
  }
  return known;
}

function exported(definition: Definition): [string, KnownSeries][] {
  const { name, type, perGeneration } = definition;
  const labels = [...TARGET, ...definition.labels, ...(perGeneration ? ['generation'] : [])];
  const values = new Map(definition.labels.map((label, at) => [label, definition.values[at] ?? []]));
  const series = { type, labels: new Set(labels), values };
  if (type !== 'histogram') return [[name, series]];
  const bounds = (definition.buckets ?? []).map(String);
  const buckets = {
    type,
    labels: new Set([...labels, 'le']),
    values: new Map([...values, ['le', [...bounds, '+Inf']]]),
  };
  return [
    [`${name}_bucket`, buckets],
    [`${name}_sum`, series],
    [`${name}_count`, series],
  ];
}
