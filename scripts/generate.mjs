// npm run generate: writes what is generated from the program's own tables, with the program as it stands in src.
import { join } from 'node:path';
import { ensureBuild } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, ROOT, run } from './lib/process.mjs';

await main(async () => {
  await ensureDependencies();
  await ensureBuild();
  const program = join(ROOT, 'dist', 'cli', 'main.js');
  const { code } = await run(process.execPath, [program, 'generate', ...process.argv.slice(2)]);
  return code;
});
