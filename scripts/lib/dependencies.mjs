// Brings node_modules up to the lock file, and does nothing when it is.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { npm, Refusal, ROOT } from './process.mjs';

const OLDEST_NODE = [20, 19];
/** Holds the hash of the lock file that node_modules was last found or made equal to. */
const STAMP = '.lock-sha256';

/** Installs what the lock file of a package folder names, when it is missing or differs. */
export async function ensureDependencies(folder = ROOT) {
  checkNode();
  const lockFile = join(folder, 'package-lock.json');
  const name = relative(ROOT, folder) || 'this project';
  if (!existsSync(lockFile))
    throw new Refusal(`${name} has no package-lock.json, so nothing can be installed.`);
  const lock = readFileSync(lockFile);
  const sha256 = createHash('sha256').update(lock).digest('hex');
  const stamp = join(folder, 'node_modules', STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === sha256) return;
  if (!matches(folder, JSON.parse(lock.toString()))) {
    process.stdout.write(`Installing the dependencies of ${name} (npm ci) …\n`);
    const { code } = await npm(['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
    if (code !== 0) throw new Refusal(`npm ci ended with code ${code}; what went wrong stands above.`);
  }
  writeFileSync(stamp, `${sha256}\n`);
}

/** Node is checked first: an old one fails later with messages that name something else. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new Refusal(
    `Pointsman needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. ` +
      'Install a newer one (https://nodejs.org) and run the command again.',
  );
}

/**
 * Whether what npm says it installed is what the lock file names. A folder that was put there by other means has no
 * stamp yet, and need not be installed again.
 */
function matches(folder, lock) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = lock.packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const foreign = Object.keys(installed).some((path) => wanted[path]?.version !== installed[path].version);
  if (foreign) return false;
  return Object.keys(wanted).every((path) => {
    if (path === '') return true;
    // Optional packages are those of other systems.
    return wanted[path].optional ? true : path in installed && existsSync(join(folder, path));
  });
}
