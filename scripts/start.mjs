// npm start: installs and builds what is missing, then runs the demonstration in this very process, so that Ctrl-C
// reaches it and nothing is left behind. Arguments go to `pointsman demo`: npm start -- --help
import { ensureBuild, ensureConsole } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { endWithParent, Refusal } from './lib/process.mjs';

endWithParent();
try {
  await ensureDependencies();
  await ensureBuild();
  await ensureConsole();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

process.argv = [process.execPath, 'pointsman', 'demo', ...process.argv.slice(2)];
await import('../dist/cli/main.js');
