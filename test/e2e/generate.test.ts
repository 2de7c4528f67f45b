import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentsIn, render } from '../support/helm';
import { run } from '../support/program';
import { inTemporaryFolder } from '../support/temporary-folder';
import { ROOT } from '../support/tool';

const OWN = ['--objectives', join(ROOT, 'docs/examples/objectives.yaml')];
const RUNBOOKS = ['--runbook-base', 'https://wiki.example/pointsman/'];

test('pointsman generate writes a folder from which check finds one edited file, by name', async () => {
  await inTemporaryFolder(async (folder) => {
    const written = await run(['generate', '--out', folder]);
    expect({ code: written.code, err: written.err }).toEqual({ code: 0, err: '' });
    expect(written.out).toContain('alerts/rollback.rules.yaml\n');
    expect(existsSync(join(folder, 'dashboards/pointsman-overview.json'))).toBe(true);

    appendFileSync(join(folder, 'alerts/rollback.rules.yaml'), '# by hand\n');
    const checked = await run(['generate', '--check', '--out', folder]);
    expect(checked.code).toBe(1);
    expect(checked.err).toContain('alerts/rollback.rules.yaml differs from what is generated\n');
    expect(checked.err).not.toContain('dashboards/');
  });
});

test('pointsman generate --check has nothing to say about what is committed', async () => {
  expect(await run(['generate', '--check'])).toEqual({ code: 0, out: '', err: '' });
});

describe('pointsman generate with objectives of its own', () => {
  test('writes their rules and dashboards and nothing else, and finds what is changed there', async () => {
    await inTemporaryFolder(async (folder) => {
      const written = await run(['generate', ...OWN, ...RUNBOOKS, '--out', folder]);
      expect({ code: written.code, err: written.err }).toEqual({ code: 0, err: '' });
      const paths = written.out.trimEnd().split('\n');
      expect(paths.filter((path) => path.includes('slo-'))).toEqual([
        'alerts/slo-command-success.rules.yaml',
        'alerts/slo-command-latency.rules.yaml',
      ]);
      expect(
        paths.filter((path) => !/^(alerts|dashboards)\/[a-z-]+\.(rules\.yaml|json)$/.test(path)),
      ).toEqual([]);
      expect(readFileSync(join(folder, 'alerts/rollback.rules.yaml'), 'utf8')).toContain(
        'runbook_url: https://wiki.example/pointsman/rollback.md#pointsmanfastrollback\n',
      );

      const check = ['generate', '--check', ...OWN, '--out', folder];
      expect(await run([...check, ...RUNBOOKS])).toEqual({ code: 0, out: '', err: '' });
      const elsewhere = await run(check);
      expect(elsewhere.code).toBe(1);
      expect(elsewhere.err).toContain(
        'alerts/slo-command-latency.rules.yaml differs from what is generated\n',
      );
    });
  });

  test('says everything that is wrong with them, and writes nothing', async () => {
    await inTemporaryFolder(async (folder) => {
      const file = join(folder, 'objectives.yaml');
      const example = readFileSync(join(ROOT, 'docs/examples/objectives.yaml'), 'utf8');
      writeFileSync(file, example.replace('99.9', '100').replace('above: 1', 'above: 1.1'));
      const { code, out, err } = await run(['generate', '--objectives', file, '--out', folder]);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(`${file} has 2 faults: command-success: target 100 is none`);
      expect(err).toContain('tcp_comm_command_latency_seconds has no bucket boundary at 1.1 s');
      expect(existsSync(join(folder, 'alerts'))).toBe(false);
    });
  });

  test.each([
    ['no folder of their own', [...OWN], 1, 'name a folder of your own: --out'],
    [
      'a runbook base that is no URL',
      [...OWN, '--runbook-base', 'wiki', '--out', '.'],
      2,
      'It must be a URL',
    ],
    [
      'one with a query',
      [...OWN, '--runbook-base', 'https://a/?b', '--out', '.'],
      2,
      'without user, query or anchor',
    ],
  ])('is refused with %s', async (_what, options, code, sentence) => {
    const ended = await run(['generate', ...options]);
    expect(ended).toMatchObject({ code, out: '', err: expect.stringContaining(sentence) as string });
  });

  test('fills a copy of the chart, which then packs their rules alone', async () => {
    await inTemporaryFolder(async (folder) => {
      cpSync(join(ROOT, 'helm'), folder, { recursive: true });
      const files = join(folder, 'files');
      const { code, err } = await run(['generate', ...OWN, ...RUNBOOKS, '--out', files]);
      expect(code).toBe(0);
      const gone = [...err.matchAll(/^(\S+) is not among what is generated/gm)].map(([, path]) => path ?? '');
      expect(gone).toHaveLength(3);
      for (const path of gone) rmSync(join(files, path));

      const text = render(['--set', 'prometheusRule.enabled=true,dashboards.enabled=true'], folder);
      const [rule] = documentsIn(text).filter(({ kind }) => kind === 'PrometheusRule');
      const { groups } = rule?.spec as { readonly groups: readonly { readonly name: string }[] };
      expect(groups.map(({ name }) => name).filter((name) => name.startsWith('slo-'))).toEqual([
        'slo-command-latency',
        'slo-command-success',
      ]);
      expect(text).toContain('Slower than 1 s, or never applied');
      expect(text).not.toContain('pointsman.example');
    });
  });
});
