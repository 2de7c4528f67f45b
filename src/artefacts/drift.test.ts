import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { ROOT } from '../../test/support/tool';
import { documentPart, wholeFile } from './artefact';
import { driftOf, writeArtefacts } from './drift';
import { artefacts } from './generate';

describe('generated files', () => {
  test('are committed as they are generated', () => {
    expect(driftOf(artefacts(), ROOT)).toEqual([]);
  });

  test('are the same bytes each time', () => {
    const contents = (): unknown[] =>
      artefacts().map((artefact) => [artefact.path, artefact.contentFrom(page)]);
    const page = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8');
    expect(contents()).toEqual(contents());
  });

  test('have a path each', () => {
    const paths = artefacts().map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
  });

  test('are found out, each by name, when somebody edits one by hand', async () => {
    await inTemporaryFolder((folder) => {
      const whole = artefacts().filter(({ path }) => path !== 'docs/protocol.md');
      writeArtefacts(whole, folder);
      expect(driftOf(whole, folder)).toEqual([]);
      for (const { path } of whole) {
        const before = readFileSync(join(folder, path), 'utf8');
        appendFileSync(join(folder, path), ' ');
        expect(driftOf(whole, folder)).toEqual([{ path, kind: 'differs' }]);
        writeFileSync(join(folder, path), before);
      }
    });
  });
});

describe('drift', () => {
  const file = wholeFile('alerts/a.yaml', 'a\n');
  const part = documentPart('docs/page.md', 'table', 'rows');

  test('names a file that is missing, one that nobody generates and a page without a place', async () => {
    await inTemporaryFolder((folder) => {
      mkdirSync(join(folder, 'docs'));
      writeFileSync(join(folder, 'docs/page.md'), 'no marks');
      mkdirSync(join(folder, 'alerts/old'), { recursive: true });
      writeFileSync(join(folder, 'alerts/old/b.yaml'), 'b\n');
      expect(driftOf([file, part], folder)).toEqual([
        { path: 'alerts/a.yaml', kind: 'missing' },
        { path: 'docs/page.md', kind: 'no_place' },
        { path: 'alerts/old/b.yaml', kind: 'not_generated' },
      ]);
    });
  });

  test('a page that is not there is missing, and is not made of its generated part alone', async () => {
    await inTemporaryFolder((folder) => {
      expect(writeArtefacts([part], folder)).toEqual([]);
      expect(driftOf([part], folder)).toEqual([{ path: 'docs/page.md', kind: 'missing' }]);
    });
  });

  test('is gone after writing, which says what it wrote and leaves strangers alone', async () => {
    await inTemporaryFolder((folder) => {
      mkdirSync(join(folder, 'docs'));
      mkdirSync(join(folder, 'dashboards'));
      writeFileSync(join(folder, 'dashboards/own.json'), '{}');
      writeFileSync(join(folder, 'docs/page.md'), 'x <!-- generated:table --> old <!-- /generated --> y');
      expect(writeArtefacts([file, part], folder)).toEqual(['alerts/a.yaml', 'docs/page.md']);
      expect(readFileSync(join(folder, 'docs/page.md'), 'utf8')).toBe(
        'x <!-- generated:table -->\n\nrows\n\n<!-- /generated --> y',
      );
      expect(writeArtefacts([file, part], folder)).toEqual([]);
      expect(existsSync(join(folder, 'dashboards/own.json'))).toBe(true);
      rmSync(join(folder, 'dashboards/own.json'));
      expect(driftOf([file, part], folder)).toEqual([]);
    });
  });
});
