import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Environment } from '../../config/environment';
import { loadConfig } from '../../config/load';
import { toldToStop } from '../../kernel/signals';
import type { CommandParts } from '../command-parts';

/** Below the configuration file and the environment. */
const DEFAULTS = { logLevel: 'warn', devices: { plainPort: 23_778 }, rollout: { seedPercentage: 10 } };

/** `pointsman demo`: everything in one process, on embedded defaults. */
export function demoCommand({ io, environment }: CommandParts): Command {
  return new Command('demo')
    .description('run everything at once: server, simulated fleet, an application that sends commands')
    .option('--config <file>', 'YAML configuration (default: POINTSMAN_CONFIG)')
    .addHelpText('after', '\nExample:\n  POINTSMAN_HTTP_PORT=8090 pointsman demo')
    .action(async ({ config }: { config?: string }) => {
      const stop = toldToStop();
      const state = await stateFolder(environment);
      try {
        const defaults = { ...DEFAULTS, stateDir: state.path };
        const settings = loadConfig({ file: config ?? environment.POINTSMAN_CONFIG, environment, defaults });
        // Loaded only now: every other command would wait for the whole server to load.
        const { runDemo } = await import('./run-demo.js');
        await runDemo({ config: settings, stop, out: (text) => io.out(text) });
      } finally {
        await state.dispose();
      }
    });
}

/** A folder of its own for each run, unless one is named: then that one is kept. */
async function stateFolder(
  environment: Environment,
): Promise<{ path: string; dispose: () => Promise<void> }> {
  const named = environment.POINTSMAN_STATE_DIR;
  if (named !== undefined) return { path: named, dispose: async () => {} };
  const path = await mkdtemp(join(tmpdir(), 'pointsman-demo-'));
  return { path, dispose: () => rm(path, { recursive: true, force: true }) };
}
