// npm run check: everything that can be judged without running the program. All checks run, also after one failed.
import { performance } from 'node:perf_hooks';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, runPackage } from './lib/process.mjs';

/** Generated files are compared by tests where they exist; what only a program can compare gets a row here. */
const generatedChecks = [];

const CHECKS = [
  { name: 'types', file: 'typescript/bin/tsc', args: ['--noEmit', '--project', 'tsconfig.json'] },
  { name: 'lint', file: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  { name: 'format', file: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
  {
    name: 'imports',
    file: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['src', 'test', '--config', '.dependency-cruiser.cjs'],
  },
  { name: 'unused', file: 'knip/bin/knip.js', args: [] },
  ...generatedChecks,
];

await main(async () => {
  await ensureDependencies();
  const failed = [];
  for (const check of CHECKS) if (!(await passes(check))) failed.push(check.name);
  if (failed.length > 0)
    process.stdout.write(`${failed.length} of ${CHECKS.length} checks failed: ${failed.join(', ')}\n`);
  return failed.length > 0 ? 1 : 0;
});

async function passes({ name, file, args }) {
  const startedAt = performance.now();
  const { code, output } = await runPackage(file, args, { capture: true });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${name.padEnd(8)} ${code === 0 ? 'ok    ' : 'failed'} ${seconds} s\n`);
  if (code !== 0) process.stdout.write(`\n${output.trim()}\n\n`);
  return code === 0;
}
