// npm run bench:rollback: builds what is missing, then times the two ways back to legacy. Arguments go to it.
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, ROOT, run } from './lib/process.mjs';
import { ensureTools } from './lib/tools.mjs';

await main(async () => {
  await ensureDependencies();
  await ensureTools();
  await ensureBuild();
  const { code } = await run(process.execPath, [
    join(ROOT, 'bench', 'rollback.mjs'),
    ...process.argv.slice(2),
  ]);
  return code;
});
