import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFileIfPresent, writeFileAtomically } from './atomic-file';

describe('a file written atomically', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointsman-atomic-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('holds what was written, in a folder that is made for it', async () => {
    const path = join(folder, 'deep', 'er', 'plan.json');
    await writeFileAtomically(path, 'first');
    await writeFileAtomically(path, 'é');
    expect(await readFile(path, 'utf8')).toBe('é');
    expect(await readdir(join(folder, 'deep', 'er'))).toEqual(['plan.json']);
  });

  it('is readable by its owner only, and so is the folder', async () => {
    const path = join(folder, 'state', 'secret');
    await writeFileAtomically(path, 'x');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'state'))).mode & 0o777).toBe(0o700);
  });

  it('is not readable by others because a leftover was', async () => {
    const path = join(folder, 'secret');
    await writeFile(`${path}.tmp`, 'half', { mode: 0o644 });
    await writeFileAtomically(path, 'x');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keeps its old content whole when the process died before the rename', async () => {
    const path = join(folder, 'plan.json');
    await writeFileAtomically(path, '{"percentage":0}');
    await writeFile(`${path}.tmp`, '{"percen');
    expect(await readFileIfPresent(path)).toBe('{"percentage":0}');
  });

  it('is replaced over a leftover longer than the new content', async () => {
    const path = join(folder, 'plan.json');
    await writeFile(`${path}.tmp`, 'x'.repeat(10_000));
    await writeFileAtomically(path, 'short');
    expect(await readFile(path, 'utf8')).toBe('short');
  });

  it('is whole for whoever reads while it is being replaced', async () => {
    const path = join(folder, 'plan.json');
    const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
    await writeFileAtomically(path, contents[0] as string);
    let writing = true;
    const writer = (async () => {
      for (let turn = 0; turn < 20; turn += 1) await writeFileAtomically(path, contents[turn % 4] as string);
      writing = false;
    })();
    while (writing) expect(contents).toContain(await readFile(path, 'utf8'));
    await writer;
  });

  it('throws when it cannot be written, and leaves the old content', async () => {
    const path = join(folder, 'plan.json');
    await writeFileAtomically(path, 'old');
    await expect(writeFileAtomically(join(path, 'below-a-file'), 'new')).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe('old');
  });
});

describe('reading a file that may not be there', () => {
  it('gives undefined only when there is none', async () => {
    expect(await readFileIfPresent(join(tmpdir(), 'pointsman-no-such-file'))).toBeUndefined();
    await expect(readFileIfPresent(tmpdir())).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
