import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isLongRun, testSeed } from '../support/long-run';
import { inTemporaryFolder } from '../support/temporary-folder';

const SIMULATION = join(__dirname, '..', '..', 'bench', 'guard.mjs');
const LIMIT_MS = isLongRun ? 24 * 3_600_000 : 120_000;

interface Section {
  readonly kind: string;
  readonly cells: readonly {
    readonly about: Readonly<Record<string, number>>;
    readonly results: readonly Readonly<Record<string, unknown>>[];
  }[];
}

describe(`a simulated fleet, ${isLongRun ? 'for hours' : 'for a moment'}, under the built guard`, () => {
  let sections: readonly Section[];

  beforeAll(async () => {
    sections = await inTemporaryFolder(async (folder) => {
      const file = join(folder, 'record.json');
      const size = isLongRun ? 'normal' : 'quick';
      const args = ['--size', size, '--seed', String(testSeed()), '--json', file];
      await promisify(execFile)(process.execPath, [
        SIMULATION,
        ...args,
        ...(isLongRun ? [] : ['--workers', '1']),
      ]);
      return (JSON.parse(await readFile(file, 'utf8')) as { sections: Section[] }).sections;
    });
  }, LIMIT_MS);

  const of = (kind: string) => sections.find((section) => section.kind === kind)?.cells ?? [];
  const all = (kind: string) => of(kind).flatMap(({ results }) => results);

  it('rolls back fewer than one healthy canary in a hundred, where a test on messages rolls back many', () => {
    const runs = all('healthy');
    const hits = (name: string) => runs.filter((run) => run[name]).length;
    expect(runs.length).toBeGreaterThan(40);
    expect(hits('guard')).toBeLessThanOrEqual(Math.ceil(runs.length / 100));
    expect(hits('raw')).toBeGreaterThan(5 * Math.max(1, hits('guard')));
    expect(hits('counter')).toBeGreaterThan(runs.length / 2);
  });

  it('sees ten times as many failures in every run, also when the control is small', () => {
    const cells = of('moreFailures').filter(({ about }) => about.ratio === 10);
    expect(cells.length).toBeGreaterThan(0);
    for (const { results } of cells) expect(results.filter(({ guard }) => guard === null)).toEqual([]);
  });

  it('sees total failure by the run rule in every run', () => {
    const cells = of('totalFailure').filter(
      ({ about }) => about.failing === 1 && (about.newRate ?? 0) === 100,
    );
    for (const { results } of cells)
      expect(new Set(results.map(({ rule }) => rule))).toEqual(new Set(['run']));
  });

  it('sees devices that break where the fleet is large enough to show it, and is silent where it is not', () => {
    const cell = (fleet: number, share: number) =>
      of('newlyBroken').find(
        ({ about }) =>
          about.fleet === fleet && about.share === share && about.fraction === 0.03 && about.rate === 100,
      )?.results;
    for (const result of cell(10_000, 0.5) ?? []) expect(result.delay).not.toBeNull();
    for (const result of cell(1_000, 0.95) ?? []) expect(result.delay).toBeNull();
  });
});
