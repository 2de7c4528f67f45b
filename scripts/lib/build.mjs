// Builds dist when its sources are other than those it was built from. Contents are compared, not times: a checkout
// or a copied folder has times that mean nothing.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, ROOT, runPackage } from './process.mjs';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.sources-sha256');
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];

/** Builds when something changed. */
export async function ensureBuild() {
  const sha256 = hashOfSources();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === sha256) return;
  process.stdout.write('Building …\n');
  // Files whose source is gone must go too, and the compiler does not write again what it believes to be there.
  rmSync(DIST, { recursive: true, force: true });
  const { code } = await runPackage('@nestjs/cli/bin/nest.js', ['build']);
  if (code !== 0) throw new Refusal('The build failed; what went wrong stands above.');
  writeFileSync(STAMP, `${sha256}\n`);
}

function hashOfSources() {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), ...SETTINGS.map((name) => join(ROOT, name))]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
