import { Command } from 'commander';
import { slosSchema, type ObjectiveView, type SlosView } from '../api/schemas/slos';
import type { CommandParts } from './command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from './endpoint';
import { print } from './rollout/print';
import { durationText } from './rollout/times';
import { tableText } from './table';

/** `pointsman slo`: what the objectives say of the new transport. */
export function sloCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('slo'))
    .description('how the new transport fares: verdicts, error budgets, burn rates, evidence')
    .addHelpText('after', '\nExamples:\n  pointsman slo\n  pointsman slo --output json')
    .action((options: EndpointOptions) => {
      const client = clientOf(options, environment);
      return print(io, options, client.call({ method: 'GET', path: '/v1/slos' }, slosSchema), renderSlos);
    });
}

function renderSlos({ at, generation, verdict, objectives, disagreements }: SlosView): string {
  const rows = Object.fromEntries(objectives.map((objective) => [objective.name, rowOf(objective)]));
  const heading = `generation ${generation}: ${verdict}${at === null ? '' : `, judged ${at}`}\n\n`;
  const why = objectives.map(({ name, why: text, evidence }) => `${name}: ${text}\n  ${evidence}\n`).join('');
  const alarm = disagreements.map((one) => `Prometheus and this process disagree: ${one}\n`).join('');
  return `${heading}${tableText('objective', rows)}\n${why}${alarm === '' ? '' : `\n${alarm}`}`;
}

function rowOf(objective: ObjectiveView): Readonly<Record<string, string | null>> {
  const { verdict, observeOnly, target, window, ratio, budgetLeft, coverage, burnRates, timeToExhaustionMs } =
    objective;
  const fastest = burnRates[0]?.burnRate ?? null;
  return {
    verdict: observeOnly ? `${verdict} (observed)` : verdict,
    target: percent(target),
    window,
    bad: ratio === null ? null : percent(ratio),
    'budget left': budgetLeft === null ? null : percent(budgetLeft),
    burn: fastest === null ? null : String(Number(fastest.toPrecision(3))),
    'gone in': timeToExhaustionMs === null ? null : durationText(timeToExhaustionMs),
    measured: coverage > 0 && coverage < LITTLE ? `< ${percent(LITTLE)}` : percent(coverage),
  };
}

/** Below this share of a window it does not matter how little it is. */
const LITTLE = 0.001;

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}
