// npm run bench:guard: builds what is missing, then simulates the guard. Arguments go to it.
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, ROOT, run } from './lib/process.mjs';

await main(async () => {
  await ensureDependencies();
  await ensureBuild();
  const { code } = await run(process.execPath, [join(ROOT, 'bench', 'guard.mjs'), ...process.argv.slice(2)]);
  return code;
});
