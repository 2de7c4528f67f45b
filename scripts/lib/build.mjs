// Builds dist when its sources are other than those it was built from. Contents are compared, not times: a checkout
// or a copied folder has times that mean nothing. The web console is built into dist/console, and has a stamp of its own.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './dependencies.mjs';
import { Refusal, ROOT, run, runPackage } from './process.mjs';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.sources-sha256');
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];

const CONSOLE = join(ROOT, 'console');
const BUILT_CONSOLE = join(DIST, 'console');
const CONSOLE_STAMP = join(BUILT_CONSOLE, '.sources-sha256');
/** The console is built from these too (.dependency-cruiser.cjs allows it no more of src). */
const CONSOLE_SOURCES = [
  ...['index.html', 'package-lock.json', 'tsconfig.json', 'vite.config.mts'].map((name) =>
    join(CONSOLE, name),
  ),
  join(ROOT, 'src', 'cli', 'event-reader.ts'),
  join(ROOT, 'src', 'cli', 'rollout', 'times.ts'),
];

/** Builds the program when something changed. */
export async function ensureBuild() {
  const sha256 = hashOf([...sourcesIn(join(ROOT, 'src')), ...SETTINGS.map((name) => join(ROOT, name))]);
  if (isStamped(STAMP, sha256)) return;
  process.stdout.write('Building …\n');
  removeProgram();
  const { code } = await runPackage('@nestjs/cli/bin/nest.js', ['build']);
  if (code !== 0) throw new Refusal('The build failed; what went wrong stands above.');
  writeFileSync(STAMP, `${sha256}\n`);
}

/** Installs and builds the web console when something changed. */
export async function ensureConsole() {
  const sha256 = hashOf([...sourcesIn(join(CONSOLE, 'src')), ...CONSOLE_SOURCES]);
  if (isStamped(CONSOLE_STAMP, sha256)) return;
  await ensureDependencies(CONSOLE);
  process.stdout.write('Building the web console …\n');
  const vite = join(CONSOLE, 'node_modules', 'vite', 'bin', 'vite.js');
  const { code } = await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: CONSOLE });
  if (code !== 0) throw new Refusal('The web console was not built; what went wrong stands above.');
  writeFileSync(CONSOLE_STAMP, `${sha256}\n`);
}

/** Files whose source is gone must go too, and the compiler does not write again what it believes to be there. */
function removeProgram() {
  const entries = existsSync(DIST) ? readdirSync(DIST) : [];
  for (const entry of entries.map((name) => join(DIST, name)))
    if (entry !== BUILT_CONSOLE) rmSync(entry, { recursive: true, force: true });
}

function isStamped(stamp, sha256) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === sha256;
}

function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}
