import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ContainerRun } from '../support/container-run';
import { parseDockerfile, type Stage } from '../support/dockerfile';
import { ImageBuild, inContext, linkTree } from '../support/image-build';
import { isLongRun } from '../support/long-run';
import { FREE_PORTS } from '../support/program';
import { inTemporaryFolder } from '../support/temporary-folder';
import { ROOT } from '../support/tool';

const [build, dependencies, image] = parseDockerfile(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) as [
  Stage,
  Stage,
  Stage,
];

describe('the Dockerfile', () => {
  test('has three stages, of which the last has no compiler and runs nothing while it is made', () => {
    expect([build.name, dependencies.name, image.name]).toEqual(['build', 'dependencies', '']);
    expect(image.base).toBe('gcr.io/distroless/cc-debian12:nonroot');
    expect(image.instructions.map(({ name }) => name)).not.toContain('RUN');
  });

  test('runs no script of any package', () => {
    const installs = [build, dependencies]
      .flatMap(({ instructions }) => instructions)
      .filter(({ name, rest }) => name === 'RUN' && /npm (ci|i|install)\b/.test(rest));
    expect(installs).toHaveLength(3);
    for (const { rest } of installs) expect(rest).toMatch(/^npm ci .*--ignore-scripts/);
  });

  test('copies only what is there, and what .dockerignore lets through', () => {
    const sources = [build, dependencies, image]
      .flatMap(({ instructions }) => instructions)
      .filter(({ name, flags }) => name === 'COPY' && flags.from === undefined)
      .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
      .map((source) => join(ROOT, source));
    expect(sources.filter((source) => !existsSync(source) || !inContext(source))).toEqual([]);
  });
});

describe('the image', () => {
  // Short: from the build and the packages that are here. Long: everything that the Dockerfile says, in a clean folder.
  test('serves as a user without rights in a tree that it cannot write to, and stops in good order', async () => {
    await inTemporaryFolder(async (folder) => {
      chmodSync(folder, 0o755);
      const work = new ImageBuild(folder);
      if (isLongRun) for (const stage of [build, dependencies]) work.run(stage);
      else bringAlong(work);
      work.run(image);
      const container = new ContainerRun(image, work.rootOf(image));

      expect(container.say(WRITE_A_FILE)).toMatch(/^(EACCES|EROFS)$/);
      const port = await container.start(FREE_PORTS);
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect({ status: answer.status, healthy: container.health(port) }).toEqual({ status: 200, healthy: 0 });
      expect(await container.stop()).toBe(0);
      expect(container.health(port)).toBe(1);
    });
  });
});

const WRITE_A_FILE = "try { fs.writeFileSync('dist/main.js', '') } catch (error) { error.code }";

/** Puts into the stages what their commands would have made: the build, and the packages of the lock file. */
function bringAlong(work: ImageBuild): void {
  const app = join(work.rootOf(build), 'app');
  mkdirSync(join(app, 'state'), { recursive: true });
  bring(join(ROOT, 'dist'), join(app, 'dist'));
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean; optional?: boolean }>>;
  };
  for (const [path, { dev, optional }] of Object.entries(packages)) {
    if (path === '' || dev || optional) continue;
    bring(join(ROOT, path), join(work.rootOf(dependencies), 'app', path));
  }
}

/** Nested packages are brought by their own names, without those that only development wants. */
function bring(from: string, to: string): void {
  const isWanted = (name: string): boolean => name !== 'node_modules';
  if (process.getuid?.() === 0) linkTree(from, to, isWanted);
  else cpSync(from, to, { recursive: true, filter: (path) => isWanted(basename(path)) });
}
