import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BOARDS } from '../../src/artefacts/dashboards/boards';
import { asSent } from '../../src/artefacts/dashboards/queries';
import { ruleFiles } from '../../src/artefacts/alerts/rule-files';
import { isAlert } from '../../src/artefacts/alerts/rule';
import { startApplication, startFleet, until, type TestApplication } from '../support/application';
import { ask } from '../support/http';
import { PrometheusServer } from '../support/prometheus-server';
import { inTemporaryFolder } from '../support/temporary-folder';
import { ROOT } from '../support/tool';

/** What has no answer in a healthy world without an Alertmanager, and where Prometheus does not scrape itself. */
const SILENT_IN_HEALTH = [
  /ALERTS/,
  /tcp_comm:slo_exhaustion:seconds/,
  /tcp_comm:slo_burn:ratio.* > 0/,
  /prometheus_rule_evaluation_failures_total/,
  /alertmanager_notifications_failed_total/,
];

/** Records that are absent while nothing burns, and how far apart two paths are of which neither fails. */
const ABSENT_IN_HEALTH = /^tcp_comm:slo_(exhaustion:seconds|apart:sigma\w*)$/;

const DEVICES = 8;

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The committed rules, looked at every second; JSON is YAML. */
function hastyRules(folder: string): string[] {
  return ruleFiles().map(({ file }) => {
    const rules = parse(readFileSync(join(ROOT, 'alerts', file), 'utf8')) as { groups: object[] };
    const path = join(folder, `${file}.json`);
    writeFileSync(
      path,
      JSON.stringify({ groups: rules.groups.map((group) => ({ ...group, interval: '1s' })) }),
    );
    return path;
  });
}

async function everyDevice(application: TestApplication, ids: readonly string[]): Promise<void> {
  const body = { devices: ids, command: 'power', on: true };
  await ask(application.url, { path: '/v1/commands', body });
}

test('every query of every dashboard has an answer where there is traffic', async () => {
  await inTemporaryFolder(async (folder) => {
    const application = await startApplication({ settings: { replicas: { tickMs: 500 } } });
    const fleet = await startFleet(application, { size: DEVICES });
    const target = `127.0.0.1:${application.ports.metrics}`;
    const prometheus = new PrometheusServer({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: hastyRules(folder),
      scrape_configs: [{ job_name: 'pointsman', static_configs: [{ targets: [target] }] }],
    });
    const query = async (
      expr: string,
    ): Promise<{ status: string; error?: string; result: readonly Result[] }> => {
      const response = await fetch(
        `${prometheus.url}/api/v1/query?${new URLSearchParams({ query: expr }).toString()}`,
      );
      const { status, error, data } = (await response.json()) as {
        status: string;
        error?: string;
        data?: { result: readonly Result[] };
      };
      return { status, ...(error !== undefined && { error }), result: data?.result ?? [] };
    };
    try {
      await prometheus.start();
      const raise = { percentage: 50, reason: 'both paths are to be seen', confirm: true };
      await ask(application.url, { method: 'PUT', path: '/v1/rollout/percentage', body: raise });
      const ids = fleet.devices.map(({ id }) => id);
      const measured = `count(tcp_comm:slo_whole_budget_remaining:ratio) >= 10 and on () max(tcp_comm_canary_effective_percentage) > 0`;
      await until(async () => {
        await everyDevice(application, ids);
        return (await query(measured)).result.length > 0;
      });

      const answers = await Promise.all(
        BOARDS.flatMap(({ uid, rows }) =>
          rows.flatMap(({ panels }) =>
            panels.flatMap(({ title, queries }) =>
              queries.map(async ({ expr }) => ({
                place: `${uid} "${title}"`,
                expr,
                ...(await query(asSent(expr))),
              })),
            ),
          ),
        ),
      );
      expect(answers.filter(({ status }) => status !== 'success')).toEqual([]);
      const empty = answers.filter(({ result }) => result.length === 0).map(({ expr }) => expr);
      expect(empty.filter((expr) => !SILENT_IN_HEALTH.some((pattern) => pattern.test(expr)))).toEqual([]);

      const records = new Set(
        ruleFiles().flatMap(({ groups }) =>
          groups.flatMap(({ rules }) =>
            rules.filter((rule) => !isAlert(rule)).map((rule) => ('record' in rule ? rule.record : '')),
          ),
        ),
      );
      const recorded = await Promise.all(
        [...records].map(async (record) => ({ record, ...(await query(record)) })),
      );
      const missing = recorded.filter(({ result }) => result.length === 0).map(({ record }) => record);
      expect(missing.filter((record) => !ABSENT_IN_HEALTH.test(record))).toEqual([]);

      const failed = await query('ALERTS{action=~".+"}');
      expect(failed.result).toEqual([]);
    } finally {
      await prometheus.close();
      fleet.stop();
      await application.stop();
    }
  });
}, 120_000);
