import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { ROOT, runTool } from '../../test/support/tool';
import { loadObjectives } from '../slo/objective-file';
import { DEFAULT_OBJECTIVES } from '../slo/objectives';
import { objectiveFile, ruleFiles } from './alerts/rule-files';
import type { Board, Panel } from './dashboards/board';
import { boards } from './dashboards/boards';
import { driftOf, writeArtefacts } from './drift';
import { loadedArtefacts } from './generate';
import { boardFaults } from './lint/board-lint';
import { ruleFaults } from './lint/rule-lint';
import { objectiveTests } from './rule-tests/objective-tests';
import { ruleTestArtefact } from './rule-tests/scenario';

const OWN = loadObjectives({ file: join(ROOT, 'docs/examples/objectives.yaml'), scrapeIntervalMs: 15_000 });
const RUNBOOKS = 'https://wiki.example/pointsman';
const TESTS = objectiveTests(OWN);

describe('rules for the objectives of docs/examples/objectives.yaml', () => {
  test('satisfy promtool, with every one of its lints', () =>
    written((folder) => {
      const files = readdirSync(join(folder, 'alerts')).map((file) => `alerts/${file}`);
      expect(files).toHaveLength(OWN.length + 2);
      const { status, said } = runTool(
        'promtool',
        ['check', 'rules', '--lint=all', '--lint-fatal', ...files],
        {
          cwd: folder,
        },
      );
      expect({ status, said }).toEqual({ status: 0, said: expect.not.stringContaining('FAILED') as string });
    }));

  test.each(TESTS.map((file) => [file.file, file] as const))('do what %s says', (_name, file) =>
    written((folder) => {
      const [path] = writeArtefacts([ruleTestArtefact(file)], folder);
      const { status, said } = runTool('promtool', ['test', 'rules', path ?? ''], { cwd: folder });
      expect({ status, said }).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') as string });
    }),
  );

  test('and dashboards for them read nothing that is neither exported nor recorded', () => {
    expect([...ruleFaults(ruleFiles(OWN)), ...boardFaults(boards(OWN), ruleFiles(OWN))]).toEqual([]);
  });

  test('and dashboards for them lead to the runbooks of the installation, and to no other', () =>
    written((folder) => {
      for (const { path } of loadedArtefacts({ objectives: OWN })) {
        const text = readFileSync(join(folder, path), 'utf8');
        expect([path, text]).toEqual([path, expect.stringContaining(`${RUNBOOKS}/`)]);
        expect([path, text]).toEqual([path, expect.not.stringContaining('pointsman.example')]);
      }
    }));

  test('say so when the rules of an objective that is gone still lie there', () =>
    written((folder) => {
      const fewer = loadedArtefacts({ objectives: OWN.slice(1), runbookBase: RUNBOOKS });
      writeArtefacts(fewer, folder);
      const [gone] = OWN;
      expect(driftOf(fewer, folder)).toEqual([
        { path: `alerts/${gone && objectiveFile(gone)}`, kind: 'not_generated' },
      ]);
    }));
});

describe('limits on panels', () => {
  test('are those of the objective that counts the same, with the boundary that it has', () => {
    const panel = panelOf(boards(OWN), 'Slower than 1 s, or never applied');
    expect(panel.steps?.at(-1)).toEqual({ from: 0.01, color: 'red' });
    expect(panel.queries[0]?.expr).toContain('le=~"1([.]0)?"');
  });

  test('follow it under another name and with another target', () => {
    const renamed = OWN.map((one) => ({
      ...one,
      name: `lab-${one.name}`,
      targetPercent: 98,
      budgetPpm: 20_000,
    }));
    const panel = panelOf(boards(renamed), 'Applied, of what was transmitted');
    expect(panel.steps?.map(({ from }) => from)).toEqual([null, 0.9, 0.98]);
    expect(panel.description).toContain('lab-command-success wants 98 % to be good');
  });

  test('are not drawn where nobody promised anything', () => {
    for (const title of ['Transmissions without a receipt', 'Packets that cannot be read']) {
      expect(panelOf(boards(DEFAULT_OBJECTIVES), title)).toHaveProperty('limits', true);
      const panel = panelOf(boards(OWN), title);
      expect(panel).not.toHaveProperty('steps');
      expect(panel.description).not.toContain('objective');
    }
  });

  test('of burn rates are the factors of these objectives', () => {
    const panel = panelOf(boards(OWN), 'Burn rate, by the long window of each tier');
    expect(panel.steps?.map(({ from }) => from)).toEqual([null, 2.8, 3, 6, 14.4, 16.8]);
  });
});

function written(look: (folder: string) => void): Promise<void> {
  return inTemporaryFolder((folder) => {
    const artefacts = loadedArtefacts({ objectives: OWN, runbookBase: RUNBOOKS });
    writeArtefacts(artefacts, folder);
    expect(driftOf(artefacts, folder)).toEqual([]);
    look(folder);
  });
}

function panelOf(from: readonly Board[], title: string): Panel {
  const panels = from.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  const found = panels.find((panel) => panel.title === title);
  if (!found) throw new RangeError(`there is no panel ${title}`);
  return found;
}
