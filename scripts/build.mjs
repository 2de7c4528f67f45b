// npm run build: installs what is missing, then builds the program and its web console into dist.
import { ensureBuild, ensureConsole } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main } from './lib/process.mjs';

await main(async () => {
  await ensureDependencies();
  await ensureBuild();
  await ensureConsole();
});
