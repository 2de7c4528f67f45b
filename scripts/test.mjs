// npm test: installs and builds what is missing, then runs the tests. Arguments go to Jest: npm test -- src/routing
// With --long the tests take the counts and durations that their promises name, drawn from the seed that is printed.
import { randomInt } from 'node:crypto';
import { ensureBuild, ensureConsole } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { main, runPackage } from './lib/process.mjs';
import { ensureTools } from './lib/tools.mjs';

const LONG_TIMEOUT_MS = 30 * 60_000;

await main(async () => {
  await ensureDependencies();
  await ensureTools();
  await ensureBuild();
  await ensureConsole();
  const args = process.argv.slice(2).filter((argument) => argument !== '--long');
  const long = args.length < process.argv.length - 2;
  const { code } = await (long ? runLong(args) : runPackage('jest/bin/jest.js', args));
  return code;
});

function runLong(args) {
  const seed = process.env.POINTSMAN_TEST_SEED ?? String(randomInt(2 ** 32));
  process.stdout.write(`Seed: ${seed} (to repeat: POINTSMAN_TEST_SEED=${seed} npm run test:long)\n`);
  const env = { ...process.env, POINTSMAN_TEST_LONG: '1', POINTSMAN_TEST_SEED: seed };
  return runPackage('jest/bin/jest.js', [`--testTimeout=${LONG_TIMEOUT_MS}`, ...args], { env });
}
