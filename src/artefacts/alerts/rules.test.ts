import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT, runTool } from '../../../test/support/tool';
import { DEFAULT_OBJECTIVES } from '../../slo/objectives';
import { rollbackAlertsOf } from '../../slo/rollback-alerts';
import { DEFAULT_RUNBOOK_BASE } from '../runbooks';
import { alertsOf, anchorOf, writtenAlert } from './rule';
import { ruleFiles } from './rule-files';

const files = ruleFiles();
const ALERTS = alertsOf(files);

describe('the rule files', () => {
  test('satisfy promtool, with every one of its lints', () => {
    const paths = files.map(({ file }) => `alerts/${file}`);
    const { status, said } = runTool('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', ...paths]);
    expect({ status, said }).toEqual({ status: 0, said: expect.not.stringContaining('FAILED') as string });
  });

  test.each(readdirSync(join(ROOT, 'alerts/tests')))('do what alerts/tests/%s says', (file) => {
    const { status, said } = runTool('promtool', ['test', 'rules', `alerts/tests/${file}`]);
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') as string });
  });

  test('name in severity and runbook what Alertmanager shall route and people shall read, in labels and annotations', () => {
    for (const one of ALERTS) {
      const { alert, labels, annotations } = writtenAlert(one, DEFAULT_RUNBOOK_BASE);
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(critical|warning|none)$/)]);
      expect([alert, labels.runbook_url]).toEqual([alert, annotations.runbook_url]);
    }
  });

  test('hold nothing but what Prometheus knows: a field beside its place stops the whole server', () => {
    for (const { file } of files) {
      const { groups } = parse(readFileSync(join(ROOT, 'alerts', file), 'utf8')) as RuleYaml;
      const fields = groups.flatMap(({ rules }) => rules.flatMap((rule) => Object.keys(rule)));
      expect([...new Set(fields)].filter((field) => !KNOWN_FIELDS.has(field))).toEqual([]);
    }
  });
});

interface RuleYaml {
  readonly groups: readonly { readonly rules: readonly object[] }[];
}
const KNOWN_FIELDS = new Set(['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations']);

describe('alerts with an action', () => {
  const acting = ALERTS.filter(({ labels }) => labels.action !== undefined);

  test('are the rollbacks and pauses of each objective, and the fast one', () => {
    const names = new Set(acting.map(({ alert, labels }) => `${labels.action} ${alert}`));
    const ofObjectives = [
      'CommandSuccess',
      'CommandLatency',
      'PacketLoss',
      'DecodeErrors',
      'QueueFull',
    ].flatMap((stem) => [
      `rollback Pointsman${stem}Rollback`,
      `rollback Pointsman${stem}BudgetGone`,
      `pause Pointsman${stem}CommonCause`,
    ]);
    expect([...names].sort()).toEqual([...ofObjectives, 'rollback PointsmanFastRollback'].sort());
    expect(ofObjectives).toHaveLength(3 * DEFAULT_OBJECTIVES.length);
  });

  test('are those for whose silences Alertmanager is searched', () => {
    const generated = acting
      .filter(({ labels }) => labels.action === 'rollback')
      .map(({ alert, labels }) => ({ alertname: alert, ...labels }));
    const searched = rollbackAlertsOf(DEFAULT_OBJECTIVES).map(
      // What the expressions bring is not in the rule.
      ({ labels: { slo: _, transport: __, ...labels } }) => labels,
    );
    expect(sorted(searched)).toEqual(sorted(generated));
  });

  test('wait for nothing but a slow tier, which must last', () => {
    const waiting = acting.filter((alert) => alert.for !== '0s');
    expect(new Set(waiting.map((alert) => alert.for))).toEqual(new Set(['2m']));
    expect(waiting.map(({ labels }) => labels.burn_factor).sort()).not.toContain('14.4');
  });

  test('the fast one stands in a group of its own, every five seconds', () => {
    const [file] = files.filter(({ groups }) => groups.some(({ rules }) => rules.some(isFast)));
    expect(file?.groups.map(({ interval, rules }) => [interval, rules.length])).toEqual([['5s', 4]]);
  });
});

const sorted = (labels: readonly Readonly<Record<string, string>>[]): string[] =>
  labels.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
const isFast = (rule: object): boolean => 'alert' in rule && rule.alert === 'PointsmanFastRollback';

describe('runbooks', () => {
  const places = [...new Set(ALERTS.map(({ runbook }) => runbook))];

  test.each(places)('%s leads to a section', (runbook) => {
    const [page, anchor] = runbook.split('#');
    const headings = readFileSync(join(ROOT, 'docs/runbooks', `${page}.md`), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .map((line) => anchorOf(line.replace(/^#+ /, '')));
    expect(headings).toContain(anchor);
  });

  test('have no section for an alert that is gone', () => {
    const known = new Set(ALERTS.map(({ alert }) => alert));
    const pages = readdirSync(join(ROOT, 'docs/runbooks'));
    const sections = pages.flatMap((page) =>
      [
        ...readFileSync(join(ROOT, 'docs/runbooks', page), 'utf8').matchAll(/^## (Pointsman\w+|Watchdog)$/gm),
      ].map(([, heading]) => heading ?? ''),
    );
    expect(sections.filter((section) => !known.has(section))).toEqual([]);
  });
});
