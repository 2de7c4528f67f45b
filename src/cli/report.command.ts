import { Command, InvalidArgumentError, Option } from 'commander';
import { historySchema, type AuditEntryView } from '../api/schemas/history';
import { legacyRemovalSchema } from '../api/schemas/legacy-removal';
import { meSchema } from '../api/schemas/overview';
import { MOST_REPORT_DAYS, sloReportSchema } from '../api/schemas/slo-report';
import { slosSchema } from '../api/schemas/slos';
import { writeFileAtomically } from '../kernel/atomic-file';
import { systemClock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import { composeReport, type ReportSources } from '../reports/compose';
import { documentOf } from '../reports/document';
import { toHtml } from '../reports/html';
import { toMarkdown } from '../reports/markdown';
import type { Report } from '../reports/report';
import { PATIENT_MS, type Client } from './client';
import type { CommandParts } from './command-parts';
import { clientOf, withEndpoint, type EndpointOptions } from './endpoint';
import { whole } from './options';

const FORMATS = ['markdown', 'html', 'json'] as const;

interface ReportOptions extends EndpointOptions {
  readonly days: number;
  readonly until?: string;
  readonly format?: (typeof FORMATS)[number];
  readonly out?: string;
}

const DEFAULT_DAYS = 30;
const PAGE = 1000;
/** More of the history is not read; the report says that something is missing then. */
const MOST_PAGES = 20;

const HELP = `
The report needs the role viewer. Its numbers are of the period asked for, day by day, from Prometheus where the server has
one, else from the counts that the answering replica keeps; it says which, and what was not measured. The recommendation and
where the ramp stands are of now, whatever the period.

Examples:
  pointsman report
  pointsman report --days 30 --format html --out compliance.html
  pointsman report --days 7 --until 2026-11-15 --format json`;

/** `pointsman report`: how the objectives were kept, for those who answer for them. */
export function reportCommand({ io, environment }: CommandParts): Command {
  return withEndpoint(new Command('report'))
    .description(
      'SLO compliance over a period: targets, actuals, budgets, incidents, changes, a recommendation',
    )
    .addOption(whole('--days <count>', 'UTC days', [1, MOST_REPORT_DAYS]).default(DEFAULT_DAYS))
    .addOption(new Option('--until <day>', 'the last day, or an instant (default: now)').argParser(untilOf))
    .addOption(
      new Option(
        '--format <format>',
        'what to make of it (default: markdown; json with --output json)',
      ).choices(FORMATS),
    )
    .option('--out <file>', 'write it there instead of printing it')
    .addHelpText('after', HELP)
    .action(async (options: ReportOptions) => {
      const report = composeReport(await sourcesOf(clientOf(options, environment), options));
      const text = rendered(report, options.format ?? (options.output === 'json' ? 'json' : 'markdown'));
      if (options.out === undefined) return io.out(text);
      await write(options.out, text);
      io.err(`${options.out} written: ${report.recommendation.advice}\n`);
    });
}

function rendered(report: Report, format: (typeof FORMATS)[number]): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case 'html':
      return toHtml(documentOf(report));
    case 'markdown':
      return toMarkdown(documentOf(report));
  }
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFileAtomically(file, text);
  } catch (error) {
    throw new AppError('input.invalid', `${file} cannot be written: ${messageOf(error)}`);
  }
}

async function sourcesOf(client: Client, { days, until }: ReportOptions): Promise<ReportSources> {
  const get = <Path extends string>(path: Path) => ({ method: 'GET' as const, path, timeoutMs: PATIENT_MS });
  const end = until === undefined ? '' : `&until=${encodeURIComponent(until)}`;
  const [me, rollout, slos, period, removal, trail] = await Promise.all([
    client.call(get('/v1/me'), meSchema),
    client.rollout(),
    client.call(get('/v1/slos'), slosSchema),
    client.call(get(`/v1/slos/report?days=${days}${end}`), sloReportSchema),
    client.call(get('/v1/rollout/legacy-removal'), legacyRemovalSchema),
    wholeHistory(client),
  ]);
  const madeAt = new Date(systemClock.wallNow()).toISOString();
  return { me, rollout, slos, period, removal, ...trail, madeAt };
}

/** An incident that is not over may have begun long before the period: all that there is is read, up to a bound. */
async function wholeHistory(client: Client): Promise<Pick<ReportSources, 'history' | 'historyCut'>> {
  const history: AuditEntryView[] = [];
  let after: string | null = '';
  for (let pages = 0; after !== null && pages < MOST_PAGES; pages += 1) {
    const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
    const page = await client.call(
      { method: 'GET', path: `/v1/rollout/history?limit=${PAGE}${cursor}` },
      historySchema,
    );
    history.push(...page.entries);
    after = page.next;
  }
  return { history, historyCut: after !== null };
}

function untilOf(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text)))
    return text;
  throw new InvalidArgumentError(
    'It must be a day such as 2026-11-20, or an instant such as 2026-11-20T12:00:00Z.',
  );
}
