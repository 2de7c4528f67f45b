// npm run check: everything that can be judged without running the program. All checks run, also after one failed.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, Refusal, ROOT, run, runPackage } from './lib/process.mjs';

const CHECKS = [
  { name: 'types', file: 'typescript/bin/tsc', args: ['--noEmit', '--project', 'tsconfig.json'] },
  { name: 'page', file: 'typescript/bin/tsc', args: ['--noEmit', '--project', 'console/tsconfig.json'] },
  { name: 'lint', file: 'eslint/bin/eslint.js', args: ['.', '--max-warnings', '0'] },
  { name: 'format', file: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
  {
    name: 'imports',
    file: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['src', 'test', 'console/src', '--config', '.dependency-cruiser.cjs'],
  },
  { name: 'unused', file: 'knip/bin/knip.js', args: [] },
  // Builds first when sources changed: it is the program that generates.
  { name: 'drift', program: ['generate', '--check'] },
];

await main(async () => {
  await ensureDependencies();
  await ensureDependencies(join(ROOT, 'console'));
  const failed = [];
  for (const check of CHECKS) if (!(await passes(check))) failed.push(check.name);
  if (failed.length > 0)
    process.stdout.write(`${failed.length} of ${CHECKS.length} checks failed: ${failed.join(', ')}\n`);
  return failed.length > 0 ? 1 : 0;
});

async function passes({ name, ...check }) {
  const startedAt = performance.now();
  const { code, output } = await outcomeOf(check);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${name.padEnd(8)} ${code === 0 ? 'ok    ' : 'failed'} ${seconds} s\n`);
  if (code !== 0) process.stdout.write(`\n${output.trim()}\n\n`);
  return code === 0;
}

async function outcomeOf({ file, args, program }) {
  if (!program) return runPackage(file, args, { capture: true });
  try {
    await ensureBuild();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: 1, output: error.message };
  }
  return run(process.execPath, [join(ROOT, 'dist', 'cli', 'main.js'), ...program], { capture: true });
}
