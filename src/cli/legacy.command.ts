import { Command } from 'commander';
import { legacyRemovalSchema, type LegacyRemovalView } from '../api/schemas/legacy-removal';
import { MOST_REPORT_DAYS } from '../api/schemas/slo-report';
import type { CommandParts } from './command-parts';
import { PATIENT_MS } from './client';
import { clientOf, withEndpoint, type EndpointOptions } from './endpoint';
import { NotYet } from './not-yet';
import { whole } from './options';
import { print } from './rollout/print';
import { aligned } from './rollout/tree';

const DEFAULT_DAYS = 7;

const HELP = `
Each item of the checklist is yes, no or unknown, and unknown is not yes. Exit codes: 0 yes, 9 no, 10 nothing says no but
something is not known.

Examples:
  pointsman legacy
  pointsman legacy --days 30 --output json`;

/** `pointsman legacy`: may the legacy transport be removed? */
export function legacyCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('legacy'))
    .description('may the legacy transport be removed? A checklist, with what to do about each item')
    .addOption(
      whole('--days <count>', 'whole days without legacy traffic', [1, MOST_REPORT_DAYS]).default(
        DEFAULT_DAYS,
      ),
    )
    .addHelpText('after', HELP)
    .action(async (options: EndpointOptions & { days: number }) => {
      const path = `/v1/rollout/legacy-removal?days=${options.days}`;
      const call = { method: 'GET', path, timeoutMs: PATIENT_MS } as const;
      const asked = clientOf(options, environment).call(call, legacyRemovalSchema);
      await print(io, options, asked, renderRemoval);
      const { answer, items } = await asked;
      if (answer === 'yes') return;
      const open = items.filter((item) => item.answer !== 'yes').map(({ name }) => name);
      throw new NotYet(answer, `legacy may not be removed yet: ${open.join(', ')}`);
    });
}

function renderRemoval({ answer, days, items }: LegacyRemovalView): string {
  const head = `may legacy be removed? ${answer} (${days} days without legacy traffic asked for)\n\n`;
  const rows = aligned(items.map((item) => [item.answer, item.name, item.finding]));
  const todos = items.flatMap(({ name, todo }) => (todo === null ? [] : [`  ${name}: ${todo}\n`]));
  const next = todos.length === 0 ? '' : `\nwhat to do\n${todos.join('')}`;
  return `${head}${rows.join('\n')}\n${next}`;
}
