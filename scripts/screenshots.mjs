// npm run screenshots: takes the pictures of docs/console anew, on the way through the tests of the web console.
import { ensureBuild, ensureConsole } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, runPackage } from './lib/process.mjs';
import { ensureTools } from './lib/tools.mjs';

await main(async () => {
  await ensureDependencies();
  await ensureTools();
  await ensureBuild();
  await ensureConsole();
  const env = { ...process.env, POINTSMAN_SCREENSHOTS: '1' };
  const { code } = await runPackage('jest/bin/jest.js', ['test/e2e/console', '-t', 'a ramp go up'], { env });
  return code;
});
