import { Command, InvalidArgumentError, Option } from 'commander';
import { historySchema, revisionSchema } from '../../api/schemas/history';
import type { CommandParts } from '../command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from '../endpoint';
import { whole } from '../options';
import { print } from './print';
import { renderHistory, renderRevision } from './render-history';

interface HistoryOptions extends EndpointOptions {
  readonly limit: number;
  readonly after?: string;
  readonly explain?: string;
}

const MAX_LIMIT = 1000;

/** `pointsman history`: who changed what and why. */
export function historyCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('history'))
    .description('who changed what and why, newest first')
    .addOption(whole('--limit <count>', 'how many entries', [1, MAX_LIMIT]).default(20))
    .option('--after <cursor>', 'older entries, as the page before says at its end')
    .addOption(
      new Option('--explain <revision>', 'what led to one revision, with its evidence').argParser(revisionOf),
    )
    .addHelpText('after', '\nExamples:\n  pointsman history --limit 5\n  pointsman history --explain 17')
    .action((options: HistoryOptions) => {
      const client = clientOf(options, environment);
      const { explain, limit, after } = options;
      if (explain !== undefined) {
        const path = `/v1/rollout/history/${explain}`;
        return print(io, options, client.call({ method: 'GET', path }, revisionSchema), renderRevision);
      }
      const cursor = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
      const path = `/v1/rollout/history?limit=${limit}${cursor}`;
      return print(io, options, client.call({ method: 'GET', path }, historySchema), renderHistory);
    });
}

function revisionOf(text: string): string {
  if (/^\d{1,15}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a revision, a whole number as history shows it.');
}
