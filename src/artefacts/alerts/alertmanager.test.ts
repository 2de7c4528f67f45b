import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT, runTool } from '../../../test/support/tool';
import { alertmanagerConfig, type AlertmanagerConfig, type InhibitRule } from './alertmanager';
import { alertsOf } from './rule';
import { ruleFiles } from './rule-files';

const FILE = 'alerts/alertmanager.yaml';
const committed = parse(readFileSync(join(ROOT, FILE), 'utf8')) as AlertmanagerConfig;

type Labels = Readonly<Record<string, string>>;

describe('the configuration of Alertmanager', () => {
  test('satisfies amtool', () => {
    const { status, said } = runTool('amtool', ['check-config', FILE]);
    expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') as string });
  });

  test.each<[string, Labels, string]>([
    [
      'a rollback reaches Pointsman and then the pager',
      { action: 'rollback', severity: 'critical', generation: '3' },
      'pointsman,pager',
    ],
    ['a pause does too', { action: 'pause', severity: 'critical', generation: '3' }, 'pointsman,pager'],
    [
      'a rollback that is a warning reaches Pointsman and the tickets',
      { action: 'rollback', severity: 'warning' },
      'pointsman,tickets',
    ],
    [
      'a page without an action reaches people alone',
      { alertname: 'PointsmanDown', severity: 'critical' },
      'pager',
    ],
    ['a warning becomes a ticket', { alertname: 'PointsmanQueueFull', severity: 'warning' }, 'tickets'],
    ['the heartbeat wakes nobody', { alertname: 'Watchdog', severity: 'none' }, 'pointsman-watchdog'],
  ])('%s', (_name, labels, receivers) => {
    const args = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
    const { status, said } = runTool('amtool', [
      'config',
      'routes',
      'test',
      `--config.file=${FILE}`,
      `--verify.receivers=${receivers}`,
      ...args,
    ]);
    expect({ status, receivers: said.split('\n')[0] }).toEqual({ status: 0, receivers });
  });

  test('holds nothing that 0.25 warns of, and no matcher of the old kind', () => {
    expect(readFileSync(join(ROOT, FILE), 'utf8')).not.toMatch(
      /\b(match|match_re|source_match|target_match)(_re)?:/,
    );
  });

  test('what steers the rollout waits for nothing, and does not stop there', () => {
    const steering = committed.route.routes?.find(({ receiver }) => receiver === 'pointsman');
    expect(steering).toMatchObject({ group_wait: '0s', group_interval: '10s', continue: true });
    expect(steering?.group_by).toContain('generation');
  });

  test('carries the secret in a file, and follows nobody elsewhere with it', () => {
    const { receivers } = alertmanagerConfig({
      webhookUrl: 'http://127.0.0.1:1/x',
      credentialsFile: '/token',
    });
    expect(receivers[0]).toMatchObject({
      webhook_configs: [
        {
          url: 'http://127.0.0.1:1/x',
          http_config: {
            follow_redirects: false,
            authorization: { type: 'Bearer', credentials_file: '/token' },
          },
        },
      ],
    });
  });
});

describe('what mutes other alerts', () => {
  const ALERTS = alertsOf(ruleFiles()).map(({ alert, labels }): Labels => ({ alertname: alert, ...labels }));

  test('never mutes one with an action, whatever its other labels', () => {
    const acting = ALERTS.filter(({ action }) => action !== undefined);
    expect(acting.length).toBeGreaterThan(0);
    for (const rule of committed.inhibit_rules) {
      expect(rule.target_matchers).toContain('action=""');
      expect(acting.filter((labels) => isTarget(rule, labels))).toEqual([]);
    }
  });

  test('never mutes the heartbeat', () => {
    const heartbeat = ALERTS.filter(({ alertname }) => alertname === 'Watchdog');
    expect(heartbeat).toHaveLength(1);
    for (const rule of committed.inhibit_rules)
      expect(heartbeat.some((labels) => isTarget(rule, labels))).toBe(false);
  });

  test('does mute slower burns of the same objective, and silence where no process answers', () => {
    const muted = committed.inhibit_rules.map(
      (rule) => new Set(ALERTS.filter((labels) => isTarget(rule, labels)).map(({ alertname }) => alertname)),
    );
    expect(muted[0]).toContain('PointsmanCommandSuccessBurn');
    expect(muted[1]).toContain('PointsmanEvaluatorSilent');
  });

  test('compares only labels that both sides have: two that are missing would count as equal', () => {
    const burns = ALERTS.filter(({ kind }) => kind === 'burn');
    expect(burns.length).toBeGreaterThan(0);
    expect(committed.inhibit_rules[0]?.equal).toEqual(['slo', 'transport', 'generation']);
  });
});

/** As Alertmanager matches: a label that is missing is an empty one. */
function isTarget({ target_matchers: matchers }: InhibitRule, labels: Labels): boolean {
  return matchers.every((matcher) => {
    const [, label = '', operator = '', value = ''] = /^(\w+)(=~|=)"(.*)"$/.exec(matcher) ?? [];
    const given = labels[label] ?? '';
    return operator === '=~' ? new RegExp(`^(?:${value})$`).test(given) : given === value;
  });
}
