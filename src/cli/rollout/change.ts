import { InvalidArgumentError, type Command } from 'commander';
import { rolloutSchema, type RolloutView } from '../../api/schemas/rollout';
import { isPercentage } from '../../kernel/percentage';
import type { CommandParts } from '../command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from '../endpoint';
import { print } from './print';
import { renderChanged } from './render-rollout';

export interface ChangeOptions extends EndpointOptions {
  readonly reason: string;
  readonly ifMatch?: string;
}

export interface ConfirmOptions extends ChangeOptions {
  readonly yes: boolean;
}

/** One change as the API takes it. The reason goes with every body. */
export interface Change {
  readonly method: 'PUT' | 'POST';
  readonly verb: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly timeoutMs?: number;
}

/** Options of every command that changes something, whatever the revision. */
export function withReason(command: Command): Command {
  return withEndpoint(command).requiredOption('--reason <text>', 'why; it goes into the history');
}

/** Options of a command that may be meant for one revision only. */
export function withRevision(command: Command): Command {
  return withReason(command).option(
    '--if-match <revision>',
    'only if this revision is still the current one',
    revisionOf,
  );
}

/** Options of a command that may ask for more than the policy allows without a second thought. */
export function withConfirmation(command: Command, what: string): Command {
  return withRevision(command).option('--yes', what, false);
}

/** Asks the server for a change and shows where the rollout stands then. */
export function sendChange(
  { io, environment }: CommandParts,
  options: ChangeOptions,
  { method, verb, body = {}, ...patience }: Change,
  render: (view: RolloutView) => string = renderChanged,
): Promise<void> {
  const { reason, ifMatch } = options;
  const call = {
    ...patience,
    method,
    path: `/v1/rollout/${verb}`,
    body: { ...body, reason },
    headers: ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` },
  };
  return print(io, options, clientOf(options, environment).call(call, rolloutSchema), render);
}

/** An argument that is a percentage. */
export function percentageOf(text: string): number {
  const value = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (!isPercentage(value))
    throw new InvalidArgumentError(
      `"${text}" is refused: a percentage is a number from 0 to 100 with at most three decimals.`,
    );
  return value;
}

function revisionOf(text: string): string {
  if (/^\d{1,15}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a revision, a whole number as status shows it.');
}
