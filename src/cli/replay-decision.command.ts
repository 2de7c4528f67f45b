import { Command, InvalidArgumentError, Option } from 'commander';
import { revisionSchema, type AuditEntryView } from '../api/schemas/history';
import { AppError } from '../kernel/errors';
import { guardEvidenceOf, replayGuard, type ReplayedGuard } from '../slo/guard/replay-evidence';
import { loadObjectives } from '../slo/objective-file';
import { replayDecision, type Replayed } from '../slo/replay-decision';
import type { CommandParts } from './command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from './endpoint';
import { print } from './rollout/print';

/** Windows are checked when a server starts; a replay takes what was read then. */
const ANY_SCRAPE_MS = 1;
const MOST_DAYS = 100_000;

interface ReplayOptions extends EndpointOptions {
  readonly objectives?: string;
  readonly falseAlarmDays?: number;
}

const HELP = `
A decision of an objective is judged by the objectives of the file, one of the guard by the limit that follows from the days.

Examples:
  pointsman replay-decision 17 --objectives stricter.yaml
  pointsman replay-decision 17 --false-alarm-days 1000`;

/** `pointsman replay-decision`: what other thresholds would have decided. */
export function replayDecisionCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('replay-decision'))
    .description('judge the evidence of a past decision by other thresholds')
    .argument('<revision>', 'revision that the decision made, as history shows it')
    .option('--objectives <file>', 'YAML file of objectives; without it those of the programme')
    .addOption(
      new Option(
        '--false-alarm-days <days>',
        'for the guard: less than one false rollback in so many days; without it as many as then',
      ).argParser(daysOf),
    )
    .addHelpText('after', HELP)
    .action((revision: string, options: ReplayOptions) => {
      const path = `/v1/rollout/history/${encodeURIComponent(revision)}`;
      const replayed = clientOf(options, environment)
        .call({ method: 'GET', path }, revisionSchema)
        .then(({ entries }) => decidedAgain(entries, revision, options));
      return print(io, options, replayed, render);
    });
}

type Again = { readonly kind: 'objective'; readonly replayed: Replayed } | GuardAgain;
interface GuardAgain {
  readonly kind: 'guard';
  readonly replayed: ReplayedGuard;
}

function decidedAgain(entries: readonly AuditEntryView[], revision: string, options: ReplayOptions): Again {
  for (const { evidence } of entries) {
    const ofGuard = guardEvidenceOf(evidence);
    if (ofGuard)
      return {
        kind: 'guard',
        replayed: replayGuard(ofGuard, options.falseAlarmDays ?? ofGuard.falseAlarmDays),
      };
    if (evidence.kind === 'objective') {
      const objectives = loadObjectives({ file: options.objectives, scrapeIntervalMs: ANY_SCRAPE_MS });
      return { kind: 'objective', replayed: replayDecision(evidence, objectives) };
    }
  }
  throw new AppError(
    'input.invalid',
    `no decision of an objective or of the guard led to revision ${revision}, so there is nothing to judge again`,
  );
}

function render(again: Again): string {
  return again.kind === 'guard' ? renderGuard(again.replayed) : renderObjective(again.replayed);
}

function renderObjective({ objective, then, now, missing }: Replayed): string {
  const unread = missing.length === 0 ? '' : `not read then: ${missing.length} windows\n`;
  return `${objective}: ${then} acted then\nwith these objectives: ${now.decision}${now.rule === undefined ? '' : ` by ${now.rule}`}, verdict ${now.verdict}\n${now.why}\n${unread}`;
}

function renderGuard({ then, falseAlarmDays, limits, now, looks, byRun }: ReplayedGuard): string {
  const run = byRun ? 'total failure is seen command by command, by a limit that no setting moves\n' : '';
  const found = now
    ? `back to legacy by ${now.rule} at ${now.score.toFixed(1)} of ${now.limit.toFixed(1)} nats, ${now.at}\n`
    : `not yet back to legacy after the ${looks} seconds that were kept: no rule reaches its limit\n`;
  return `guard: ${then.rule} acted then, at ${then.score.toFixed(1)} of ${then.limit.toFixed(1)} nats, for ${falseAlarmDays.then} days\nfor ${falseAlarmDays.now} days (limits ${limits.failures.toFixed(1)} and ${limits.breakages.toFixed(1)} nats): ${found}${run}`;
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!/^\d{1,6}$/.test(text) || days < 1 || days > MOST_DAYS)
    throw new InvalidArgumentError(`It must be a whole number of days from 1 to ${MOST_DAYS}.`);
  return days;
}
