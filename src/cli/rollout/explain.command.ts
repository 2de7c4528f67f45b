import { Command } from 'commander';
import { routeSchema } from '../../api/schemas/devices';
import type { CommandParts } from '../command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from '../endpoint';
import { print } from './print';
import { renderRoute } from './render-route';

/** `pointsman explain`: which rule decided for a device, and when it moves. */
export function explainCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('explain'))
    .description('which transport a device gets, by which rule, and at which stage of the ladder it moves')
    .argument('<device>', 'device id, 8 hex digits')
    .addHelpText('after', '\nExample:\n  pointsman explain 37962469')
    .action((device: string, options: EndpointOptions) => {
      const path = `/v1/devices/${encodeURIComponent(device)}/route`;
      const route = clientOf(options, environment).call({ method: 'GET', path }, routeSchema);
      return print(io, options, route, renderRoute);
    });
}
