import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { DEFAULT_RUNBOOK_BASE } from '../../src/artefacts/runbooks';
import { documentsIn, helm, render, VALUE_FILES, type KubernetesDocument } from '../support/helm';
import { typeFaults } from '../support/kubernetes-types';
import { inTemporaryFolder } from '../support/temporary-folder';
import { ROOT, runTool } from '../support/tool';

const updates = process.env.POINTSMAN_UPDATE_GOLDEN === '1';
const NAMES = [...VALUE_FILES.keys()];
/** Copies of files, compared with those below. */
const COPIES = /^# Source: pointsman\/templates\/(dashboards|prometheusrule)\.yaml$/m;

const rendered = new Map<string, string>();
function renderedWith(name: string): string {
  const known = rendered.get(name) ?? render(VALUE_FILES.get(name) ?? []);
  rendered.set(name, known);
  return known;
}

/** What is copied is left out: it changes with each rule, and is compared as a whole elsewhere. */
function golden(text: string): string {
  return text
    .split(/^---\n/m)
    .map((document) =>
      COPIES.test(document) ? document.replace(/^(data|spec):\n[\s\S]*$/m, '$1: (a copy)\n') : document,
    )
    .join('---\n');
}

describe('the chart', () => {
  test.each(NAMES)('passes the strict linter with the values %s', (name) => {
    expect(helm('lint', ['--strict', ...(VALUE_FILES.get(name) ?? [])])).toMatchObject({ status: 0 });
  });

  test.each(NAMES)('renders with the values %s to what is committed', (name) => {
    const file = join(ROOT, 'helm', 'golden', `${name}.yaml`);
    const wanted = golden(renderedWith(name));
    if (updates) {
      mkdirSync(join(ROOT, 'helm', 'golden'), { recursive: true });
      writeFileSync(file, wanted);
    }
    expect(wanted).toBe(readFileSync(file, 'utf8'));
  });

  test('is made of resources of which every field is known to Kubernetes', () => {
    const documents = NAMES.flatMap((name) => documentsIn(renderedWith(name)));
    expect(documents.length).toBeGreaterThan(40);
    expect(typeFaults(documents)).toEqual([]);
  });

  test('would be found to misspell a field, or to put one where it does not belong', () => {
    const [deployment] = documentsIn(renderedWith('default')).filter(({ kind }) => kind === 'Deployment');
    const slip = {
      ...deployment,
      spec: { ...(deployment?.spec as object), replica: 1 },
    } as KubernetesDocument;
    expect(typeFaults([slip])).toEqual([expect.stringMatching(/"replica"' does not exist/)]);
  });

  test.each(NAMES)('gives each resource of the values %s a name of its own', (name) => {
    const names = documentsIn(renderedWith(name)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual([...new Set(names)]);
  });
});

describe('what the chart copies', () => {
  test('are the dashboards, byte by byte but for the address of the runbooks', () => {
    const packed = documentsIn(renderedWith('production'))
      .flatMap(({ data }) => Object.entries(data ?? {}))
      .filter(([file]) => file.endsWith('.json'));
    const folder = join(ROOT, 'dashboards');
    const wanted = readdirSync(folder)
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')] as const)
      .map(([file, text]) => [
        file,
        text.replaceAll(`${DEFAULT_RUNBOOK_BASE}/`, 'https://wiki.example.org/pointsman/'),
      ]);
    expect(packed).toEqual(wanted);
  });

  test('are rules that promtool accepts, as many as the files hold', async () => {
    await inTemporaryFolder((folder) => {
      const file = join(folder, 'rules.yaml');
      writeFileSync(file, stringify(rulesOf('everything')));
      const { status, said } = runTool('promtool', ['check', 'rules', file]);
      expect({ status, said }).toMatchObject({ status: 0 });
      const counts = (text: string): number =>
        [...text.matchAll(/SUCCESS: (\d+) rules/g)].reduce((sum, [, count]) => sum + Number(count), 0);
      const files = readdirSync(join(ROOT, 'alerts')).filter((name) => name.endsWith('.rules.yaml'));
      const whole = runTool('promtool', ['check', 'rules', ...files.map((name) => join('alerts', name))]);
      expect(counts(said)).toBe(counts(whole.said));
      expect(counts(said)).toBeGreaterThan(50);
    });
  });

  test('carry further labels and the address of the runbooks, and no label that steers is replaced', () => {
    const alerts = rulesOf('production').groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert));
    expect(alerts.every(({ labels }) => labels?.team === 'devices')).toBe(true);
    expect(alerts.every(({ labels }) => labels?.severity !== 'none' || labels.action === undefined)).toBe(
      true,
    );
    expect(JSON.stringify(alerts)).not.toContain('pointsman.example');
    expect(alerts[0]?.labels?.runbook_url).toMatch(/^https:\/\/wiki\.example\.org\/pointsman\/[a-z-]+\.md#/);
    const replaced = render([
      '--set',
      'prometheusRule.enabled=true,prometheusRule.additionalRuleLabels.action=none',
    ]);
    expect(replaced).toContain('action: rollback');
  });

  test('leave out the groups that are not wanted, and no other', () => {
    const names = (values: string): string[] => rulesOf(values).groups.map(({ name }) => name);
    expect(names('single-node')).toEqual(names('everything').filter((name) => name !== 'slo-queue-full'));
  });
});

interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert?: string;
      readonly labels?: Readonly<Record<string, string>>;
    }[];
  }[];
}

function rulesOf(values: string): Rules {
  const [rule] = documentsIn(renderedWith(values)).filter(({ kind }) => kind === 'PrometheusRule');
  return rule?.spec as Rules;
}
