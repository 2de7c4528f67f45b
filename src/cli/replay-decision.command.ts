import { Command } from 'commander';
import { revisionSchema } from '../api/schemas/history';
import { AppError } from '../kernel/errors';
import { loadObjectives } from '../slo/objective-file';
import { replayDecision, type Replayed } from '../slo/replay-decision';
import type { CommandParts } from './command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from './endpoint';
import { print } from './rollout/print';

/** Windows are checked when a server starts; a replay takes what was read then. */
const ANY_SCRAPE_MS = 1;

interface ReplayOptions extends EndpointOptions {
  readonly objectives?: string;
}

/** `pointsman replay-decision`: what other thresholds would have decided. */
export function replayDecisionCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('replay-decision'))
    .description('judge the evidence of a past decision against other objectives')
    .argument('<revision>', 'revision that the decision made, as history shows it')
    .option('--objectives <file>', 'YAML file of objectives; without it those of the programme')
    .addHelpText('after', '\nExample:\n  pointsman replay-decision 17 --objectives stricter.yaml')
    .action((revision: string, options: ReplayOptions) => {
      const objectives = loadObjectives({ file: options.objectives, scrapeIntervalMs: ANY_SCRAPE_MS });
      const path = `/v1/rollout/history/${encodeURIComponent(revision)}`;
      const replayed = clientOf(options, environment)
        .call({ method: 'GET', path }, revisionSchema)
        .then(({ entries }) => {
          const entry = entries.find(({ evidence }) => evidence.kind === 'objective');
          if (!entry)
            throw new AppError('input.invalid', `no decision on an objective led to revision ${revision}`);
          return replayDecision(entry.evidence, objectives);
        });
      return print(io, options, replayed, render);
    });
}

function render({ objective, then, now, missing }: Replayed): string {
  const unread = missing.length === 0 ? '' : `not read then: ${missing.length} windows\n`;
  return `${objective}: ${then} acted then\nwith these objectives: ${now.decision}${now.rule === undefined ? '' : ` by ${now.rule}`}, verdict ${now.verdict}\n${now.why}\n${unread}`;
}
