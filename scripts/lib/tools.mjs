// The programs that tests use and npm does not bring: looked for, and installed where that is possible.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Refusal, run } from './process.mjs';

/** One row per program: its name, the Debian package that brings it, and what it is for. */
const TOOLS = [
  { binary: 'promtool', package: 'prometheus', purpose: 'checks metrics, rules and the tests of rules' },
  { binary: 'amtool', package: 'prometheus-alertmanager', purpose: 'checks routes and receivers of alerts' },
  { binary: 'prometheus', package: 'prometheus', purpose: 'answers queries about recorded series' },
  { binary: 'redis-server', package: 'redis-server', purpose: 'the store that replicas share' },
  { binary: 'redis-cli', package: 'redis-tools', purpose: 'looks into that store from outside' },
  { binary: 'chromium', package: 'chromium', purpose: 'shows the web console' },
];

/** Makes sure that every program is there, or ends with the command that a person should run. */
export async function ensureTools() {
  const missing = TOOLS.filter(({ binary }) => !isOnPath(binary));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tool.package))];
  const lines = missing.map((tool) => `  ${tool.binary} (package ${tool.package}): ${tool.purpose}`);
  process.stdout.write(`The tests use programs that are not here:\n${lines.join('\n')}\n`);
  const byHand = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!isOnPath('apt-get')) {
    throw new Refusal(
      'Install them, so that they are on the PATH, and run the tests again. On Debian: ' + byHand,
    );
  }
  if (process.getuid?.() !== 0) throw new Refusal(`Run this as root, then the tests again: ${byHand}`);
  await install(packages, byHand);
  const still = missing.filter(({ binary }) => !isOnPath(binary));
  if (still.length > 0) throw new Refusal(`Still missing: ${still.map(({ binary }) => binary).join(', ')}.`);
}

async function install(packages, byHand) {
  process.stdout.write(`Installing: ${packages.join(' ')} …\n`);
  // In runlevel 1 a package starts no service of its own: the tests want the program, not a server.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const steps = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ];
  for (const args of steps) {
    const { code, output } = await run('apt-get', args, { env, capture: true });
    if (code !== 0) throw new Refusal(`${output}\napt-get ${args[0]} failed. Run this by hand: ${byHand}`);
  }
}

function isOnPath(binary) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, binary)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
