import { Command } from 'commander';
import { systemClock } from '../../kernel/clock';
import { toldToStop } from '../../kernel/signals';
import type { CommandParts } from '../command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from '../endpoint';
import type { CliIo } from '../io';
import { print } from './print';
import { renderStatus } from './render-rollout';
import { jsonScreen, lineScreen, terminalScreen, type Screen } from './screen';
import { Watch } from './watch';

const HELP = `
With --watch it is drawn anew whenever something happens, until Ctrl-C; where the output is no terminal, a line is
written for each change, and with --output json a JSON document a line.

Examples:
  pointsman status --watch
  pointsman status --output json`;

/** `pointsman status`: the whole rollout, once or live. */
export function statusCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('status'))
    .description('where the rollout stands: stages, gates and what they lack, replicas, store')
    .option('--watch', 'follow it until Ctrl-C', false)
    .addHelpText('after', HELP)
    .action((options: EndpointOptions & { watch: boolean }) => {
      const client = clientOf(options, environment);
      if (options.watch) {
        const screen = screenFor(io, options);
        return new Watch({ client, screen, clock: systemClock, stopped: toldToStop() }).run();
      }
      return print(io, options, client.rollout(), (view) => renderStatus(view, systemClock.wallNow()));
    });
}

function screenFor(io: CliIo, { output }: EndpointOptions): Screen {
  if (output === 'json') return jsonScreen(io);
  return io.columns?.() === undefined ? lineScreen(io, systemClock) : terminalScreen(io, systemClock);
}
