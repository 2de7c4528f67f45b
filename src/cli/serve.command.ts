import { Command } from 'commander';
import { loadConfig } from '../config/load';
import type { CommandParts } from './command-parts';

/** `pointsman serve`: the same as `node dist/main.js`, with the configuration file as an option. */
export function serveCommand({ environment }: CommandParts): Command {
  return new Command('serve')
    .description('run the server')
    .option('--config <file>', 'YAML configuration (default: POINTSMAN_CONFIG)')
    .addHelpText(
      'after',
      '\nExample:\n  POINTSMAN_STATE_DIR=/var/lib/pointsman pointsman serve --config /etc/pointsman.yaml',
    )
    .action(async ({ config }: { config?: string }) => {
      const settings = loadConfig({ file: config ?? environment.POINTSMAN_CONFIG, environment });
      // Loaded only now: every other command would wait for the whole server to load.
      const { serve } = await import('../main.js');
      await serve(settings);
    });
}
