// npm run bench: installs and builds what is missing, here and in bench, then runs the benchmarks. bench is a package
// of its own, so that what the product is compared with never becomes one of its dependencies. Arguments go to it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, Refusal, ROOT, run } from './lib/process.mjs';

const BENCH = join(ROOT, 'bench');
const ENTRY = join(BENCH, 'run.mjs');

await main(async () => {
  if (!existsSync(ENTRY)) throw new Refusal('There are no benchmarks yet: bench/run.mjs does not exist.');
  await ensureDependencies();
  await ensureBuild();
  await ensureDependencies(BENCH);
  const { code } = await run(process.execPath, [ENTRY, ...process.argv.slice(2)]);
  return code;
});
