import { Command, InvalidArgumentError } from 'commander';
import type { Environment } from '../config/environment';
import { routeSchema } from '../api/schemas/devices';
import { historySchema } from '../api/schemas/history';
import { rolloutSchema, type RolloutView } from '../api/schemas/rollout';
import { isPercentage } from '../kernel/percentage';
import type { Client } from './client';
import { clientOf, withEndpoint, type EndpointOptions } from './endpoint';
import type { CliIo } from './io';
import { renderHistory, renderRollout, renderRoute } from './render';

/** What the commands need of the outside. */
export interface CommandParts {
  readonly io: CliIo;
  readonly environment: Environment;
}

interface ReasonOptions extends EndpointOptions {
  readonly reason: string;
  readonly ifRevision?: string;
}

/** The commands that read and steer a rollout. */
export function rolloutCommands(parts: CommandParts): Command[] {
  return [
    statusCommand(parts),
    setCommand(parts),
    rollbackCommand(parts),
    releaseCommand(parts),
    explainCommand(parts),
    historyCommand(parts),
  ];
}

function statusCommand(parts: CommandParts): Command {
  return withEndpoint(new Command('status'))
    .description('where the rollout stands')
    .addHelpText('after', '\nExample:\n  pointsman status --output json')
    .action(async (options: EndpointOptions) => {
      const rollout = await clientOf(options, parts.environment).rollout();
      print(parts.io, options, rollout, renderRollout);
    });
}

function setCommand(parts: CommandParts): Command {
  return withReason(withEndpoint(new Command('set')))
    .description('set the share of devices on the new transport')
    .argument('<percentage>', '0 to 100, at most three decimals', percentageOf)
    .option('--yes', 'confirm a raise by more than the policy’s maxStep', false)
    .addHelpText('after', '\nExample:\n  pointsman set 25 --reason "10 % was clean for three days"')
    .action((percentage: number, options: ReasonOptions & { yes: boolean }) => {
      const { reason, yes: confirm } = options;
      return change(parts, options, (client) =>
        client.call(
          {
            method: 'PUT',
            path: '/v1/rollout/percentage',
            body: { percentage, reason, confirm },
            headers: ifMatch(options),
          },
          rolloutSchema,
        ),
      );
    });
}

function rollbackCommand(parts: CommandParts): Command {
  return withReason(withEndpoint(new Command('rollback')))
    .description('everything back to legacy at once, and latch')
    .addHelpText('after', '\nExample:\n  pointsman rollback --reason "kitchen lights do not answer"')
    .action((options: ReasonOptions) => post(parts, options, 'rollback'));
}

function releaseCommand(parts: CommandParts): Command {
  return withReason(withEndpoint(new Command('release')))
    .description('open the latch that a rollback left, and begin a new generation')
    .addHelpText('after', '\nExample:\n  pointsman release --reason "fixed in firmware 1.1.159"')
    .action((options: ReasonOptions) => post(parts, options, 'release'));
}

function explainCommand(parts: CommandParts): Command {
  return withEndpoint(new Command('explain'))
    .description('which transport a device gets, and why')
    .argument('<device>', 'device id, 8 hex digits')
    .addHelpText('after', '\nExample:\n  pointsman explain 37962469')
    .action(async (device: string, options: EndpointOptions) => {
      const path = `/v1/devices/${encodeURIComponent(device)}/route`;
      const route = await clientOf(options, parts.environment).call({ method: 'GET', path }, routeSchema);
      print(parts.io, options, route, renderRoute);
    });
}

function historyCommand(parts: CommandParts): Command {
  return withEndpoint(new Command('history'))
    .description('who changed what and why, newest first')
    .option('--limit <count>', 'how many entries', '20')
    .addHelpText('after', '\nExample:\n  pointsman history --limit 5')
    .action(async (options: EndpointOptions & { limit: string }) => {
      const path = `/v1/rollout/history?limit=${encodeURIComponent(options.limit)}`;
      const history = await clientOf(options, parts.environment).call({ method: 'GET', path }, historySchema);
      print(parts.io, options, history, renderHistory);
    });
}

function withReason(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; it goes into the history')
    .option('--if-revision <number>', 'only if this revision is still the current one');
}

function ifMatch({ ifRevision }: ReasonOptions): Record<string, string> {
  return ifRevision === undefined ? {} : { 'if-match': `"${ifRevision}"` };
}

function post(parts: CommandParts, options: ReasonOptions, verb: 'rollback' | 'release'): Promise<void> {
  const call = {
    method: 'POST',
    path: `/v1/rollout/${verb}`,
    body: { reason: options.reason },
    headers: ifMatch(options),
  } as const;
  return change(parts, options, (client) => client.call(call, rolloutSchema));
}

async function change(
  parts: CommandParts,
  options: EndpointOptions,
  call: (client: Client) => Promise<RolloutView>,
): Promise<void> {
  print(parts.io, options, await call(clientOf(options, parts.environment)), renderRollout);
}

function print<T>(io: CliIo, { output }: EndpointOptions, value: T, render: (value: T) => string): void {
  io.out(output === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : render(value));
}

function percentageOf(text: string): number {
  const value = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (!isPercentage(value))
    throw new InvalidArgumentError(
      `"${text}" is refused: a percentage is a number from 0 to 100 with at most three decimals.`,
    );
  return value;
}
