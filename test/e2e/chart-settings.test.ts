import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { VARIABLES } from '../../src/config/environment';
import { loadConfig } from '../../src/config/load';
import { documentsIn, render, VALUE_FILES, type KubernetesDocument } from '../support/helm';
import { inTemporaryFolder } from '../support/temporary-folder';
import { ROOT } from '../support/tool';

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly mountPath: string }[];
}
interface PodTemplate {
  readonly spec: {
    readonly containers: readonly Container[];
    readonly terminationGracePeriodSeconds: number;
  };
}

const NAMES = [...VALUE_FILES.keys()];
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

function installed(name: string): { container: Container; graceSeconds: number; settings: string } {
  const documents = documentsIn(render(VALUE_FILES.get(name) ?? []));
  const { spec } = (only(documents, 'Deployment').spec as { template: PodTemplate }).template;
  const configuration = documents.find(({ data }) => data && 'pointsman.yaml' in data);
  return {
    container: spec.containers[0] as Container,
    graceSeconds: spec.terminationGracePeriodSeconds,
    settings: configuration?.data?.['pointsman.yaml'] ?? '',
  };
}

function only(documents: readonly KubernetesDocument[], kind: string): KubernetesDocument {
  const [found] = documents.filter((document) => document.kind === kind);
  if (!found) throw new Error(`no ${kind} is rendered`);
  return found;
}

/** As the process in the pod would read them. */
async function configOf(name: string): ReturnType<typeof readConfig> {
  return readConfig(installed(name));
}

function readConfig({ container, settings }: ReturnType<typeof installed>) {
  return inTemporaryFolder((folder) => {
    const file = join(folder, 'pointsman.yaml');
    writeFileSync(file, settings);
    const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value ?? 'pod-0']));
    return loadConfig({ file, environment });
  });
}

describe('the settings that the chart makes', () => {
  test.each(NAMES)('are all known to the program with the values %s', (name) => {
    const known = [...VARIABLES.map((variable) => variable.name), 'POINTSMAN_CONFIG'];
    const names = installed(name).container.env.map((variable) => variable.name);
    expect(
      names.filter((variable) => variable.startsWith('POINTSMAN_') && !known.includes(variable)),
    ).toEqual([]);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each(NAMES)('are a configuration that the program accepts with the values %s', async (name) => {
    const { http, metrics, devices, tokensFile } = await configOf(name);
    expect({ http: http.port, metrics: metrics.port, devices: devices.tlsPort }).toEqual({
      http: 8080,
      metrics: 9400,
      devices: 23779,
    });
    expect(tokensFile).toBe('/etc/pointsman/tokens/tokens.yaml');
  });

  test('name only files that are mounted', async () => {
    const mounts = installed('production').container.volumeMounts.map(({ mountPath }) => mountPath);
    const { tokensFile, stateDir, store, devices } = await configOf('production');
    const files = [tokensFile, `${stateDir}/x`, store.passwordFile, devices.certFile, devices.keyFile];
    expect(files.map((file) => mounts.includes((file ?? '').replace(/\/[^/]+$/, '')))).toEqual(
      files.map(() => true),
    );
  });

  test.each(NAMES)('leave more time for a stop than it takes with the values %s', async (name) => {
    const { shutdown, notify } = await configOf(name);
    expect(shutdown.deadlineMs).toBeGreaterThan(shutdown.drainMs + shutdown.releaseMs + notify.flushMs);
    expect(installed(name).graceSeconds * 1000).toBeGreaterThan(shutdown.deadlineMs);
  });
});

describe('the description of the chart', () => {
  test('names the version of the program', () => {
    const { appVersion } = parse(read('helm/Chart.yaml')) as { appVersion: string };
    expect(appVersion).toBe((JSON.parse(read('package.json')) as { version: string }).version);
  });

  test('explains each value, as its comments do', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/chart-readme.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('has the same values in its schema as in its defaults', () => {
    const schema = JSON.parse(read('helm/values.schema.json')) as Schema;
    const values = parse(read('helm/values.yaml')) as Record<string, unknown>;
    expect(closedPaths(schema).filter((path) => path !== 'global')).toEqual(valuePaths(schema, values));
  });
});

interface Schema {
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Paths that a schema without further properties names; what Kubernetes defines is left to Kubernetes. */
const OF_KUBERNETES = /^(resources|startupProbe|livenessProbe|readinessProbe)\b/;

function closedPaths(schema: Schema, above = ''): string[] {
  return Object.entries(schema.properties ?? {})
    .flatMap(([name, inner]) => {
      const path = above + name;
      return inner.properties && !OF_KUBERNETES.test(path) ? closedPaths(inner, `${path}.`) : [path];
    })
    .sort();
}

function valuePaths(schema: Schema, values: Record<string, unknown>, above = ''): string[] {
  return Object.entries(values)
    .flatMap(([name, value]) => {
      const path = above + name;
      const inner = schema.properties?.[name];
      return inner?.properties && !OF_KUBERNETES.test(path)
        ? valuePaths(inner, value as Record<string, unknown>, `${path}.`)
        : [path];
    })
    .sort();
}
