import { COUNTED, GAUGES, type Definition } from '../telemetry/catalogue';
import { SLO_GAUGES } from '../telemetry/slo-metrics';
import { isAlert, type RuleFile } from './alerts/rule';
import { GENERATED, wholeFile, type Artefact } from './artefact';
import { markdownTable } from './markdown-table';

/** The reference of every metric: what is exported, and what the rules record of it. */
export function metricsPage(files: readonly RuleFile[]): Artefact {
  const text = `<!-- ${GENERATED} -->

# Metrics

Port 9400, \`GET /metrics\`, in the text format of Prometheus. Every series exists from the first scrape on, at zero: labels
are closed sets, and no label is a device. Metrics marked **per generation** carry \`generation\` too and begin again at zero
with each generation; only the current one is exported.

## Counters and histograms

${metricTable(Object.values(COUNTED))}

## Gauges

${metricTable(Object.values(GAUGES))}

## Gauges with labels of the configuration

The replica that judges has these; the others say nothing here. Values of \`objective\` and \`window\` are those of the
objectives.

${markdownTable(
  ['name', 'labels', 'meaning'],
  Object.values(SLO_GAUGES).map(({ name, labels, help }) => [
    `\`${name}\``,
    labels.join(', ') || 'none',
    `${help}.`,
  ]),
)}

Beside these there are the default metrics of the process and of Node.js (\`process_*\`, \`nodejs_*\`), except those that are
gauges with the suffix of a counter.

## Recorded by the rules

What \`alerts/*.rules.yaml\` record. The labels are what tells the series apart.

${recordTable(files)}
`;
  return wholeFile('docs/metrics.md', text);
}

function metricTable(definitions: readonly Definition[]): string {
  return markdownTable(['name', 'type', 'labels', 'meaning'], definitions.map(metricRow));
}

function metricRow(definition: Definition): string[] {
  const { name, type, labels, values, buckets, perGeneration, help } = definition;
  const sets = labels.map((label, at) => `\`${label}\` (${(values[at] ?? []).join(', ')})`);
  const extra = [
    ...(buckets ? [`Buckets in seconds: ${buckets.join(', ')}.`] : []),
    ...(perGeneration ? ['**Per generation.**'] : []),
  ];
  return [`\`${name}\``, type, sets.join('; ') || 'none', [`${help}.`, ...extra].join(' ')];
}

function recordTable(files: readonly RuleFile[]): string {
  const rules = files.flatMap(({ file, groups }) =>
    groups.flatMap((group) => group.rules.map((rule) => ({ file, interval: group.interval, rule }))),
  );
  const rows = new Map<string, string[]>();
  for (const { file, interval, rule } of rules) {
    if (isAlert(rule)) continue;
    const labels = [...new Set([...Object.keys(rule.labels ?? {}), ...rule.by])];
    rows.set(rule.record, [`\`${rule.record}\``, labels.join(', ') || 'none', interval, file]);
  }
  return markdownTable(['name', 'labels', 'every', 'file'], [...rows.values()].sort(byFirst));
}

function byFirst([one = '']: readonly string[], [other = '']: readonly string[]): number {
  return one < other ? -1 : 1;
}
