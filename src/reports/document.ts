import type { Block, Cell, Tone } from './blocks';
import type { Advice, ObjectiveNote, Report, Result } from './report';
import { budgetText, lasting, MISSING, moment, percent, whole } from './words';

const RESULT_TONES: Readonly<Record<Result, Tone>> = {
  met: 'good',
  failed: 'bad',
  insufficient: 'unsure',
  unmeasured: 'unsure',
};
const ADVICE_WORDS: Readonly<Record<Advice, readonly [string, Tone]>> = {
  go_on: ['Go on', 'good'],
  hold: ['Hold', 'unsure'],
  investigate: ['Investigate', 'bad'],
  remove_legacy: ['Legacy may be removed', 'good'],
};
/** Less of a day than this measured, and the table says so. */
const WHOLE_DAY = 0.95;

/** The report as people read it, in the order in which they ask. */
export function documentOf(report: Report): Block[] {
  const { environment, program, madeAt, period, source } = report;
  return [
    { kind: 'heading', level: 1, text: `The move to the new transport: SLO compliance of ${environment}` },
    {
      kind: 'text',
      text: `${moment(period.from)} to ${moment(period.until)}, ${period.days} ${period.days === 1 ? 'day' : 'days'}. Made ${moment(madeAt)} by Pointsman ${program}. Numbers from ${source}.`,
    },
    ...recommendation(report),
    ...standing(report),
    ...objectives(report),
    ...incidents(report),
    ...rollbacks(report),
    ...days(report),
    ...removal(report),
    ...changes(report),
    ...gaps(report),
  ];
}

function heading(text: string): Block {
  return { kind: 'heading', level: 2, text };
}

function recommendation({ recommendation: { advice, because } }: Report): Block[] {
  const [text, tone] = ADVICE_WORDS[advice];
  return [heading('Recommendation'), { kind: 'verdict', text, tone }, { kind: 'list', items: because }];
}

function standing({ standing: now }: Report): Block[] {
  const next = now.next === null ? 'the end of the ladder' : `next ${now.next}`;
  const effective =
    now.effectivePercentage === null
      ? 'no traffic was measured in the last minute'
      : `${now.effectivePercentage.toFixed(1)} % of the commands of the last minute went there`;
  return [
    heading('Where the ramp stands'),
    {
      kind: 'text',
      text: `${now.percentage} % of the devices are on the new transport; ${effective}. ${now.holdback} % are held back on legacy. Stage ${now.stage}, ${now.stageIndex} of ${now.stages}, since ${moment(now.enteredAt)}; ${next}. Automation ${now.automation}${now.frozen ? ', frozen' : ''}; generation ${now.generation}, revision ${now.revision}.`,
    },
    now.lacks.length === 0
      ? { kind: 'text', text: 'No gate lacks anything.' }
      : { kind: 'list', items: now.lacks },
  ];
}

function objectives({ objectives: all }: Report): Block[] {
  return [
    heading('Objectives'),
    {
      kind: 'text',
      text: 'Over the period and all generations. Budget left: 100 % is untouched, below 0 overspent; it is that of the events of this period. A target is the new transport’s; legacy stands beside it for comparison.',
    },
    {
      kind: 'table',
      head: [
        'objective',
        'target',
        'result',
        'new',
        'legacy',
        'events (new)',
        'budget left (new)',
        'budget left (legacy)',
        'measured',
      ],
      rows: all.map(objectiveRow),
    },
    {
      kind: 'list',
      items: all.map(({ name, title, window, now }) =>
        now === null
          ? `${name}: ${title}. No judgement now.`
          : `${name}: ${title}. Now, over ${window}: ${now.verdict}, ${now.why}`,
      ),
    },
  ];
}

function objectiveRow({
  name,
  target,
  result,
  observeOnly,
  actual,
  counts,
  budgetLeft,
}: ObjectiveNote): Cell[] {
  const left = (share: number | null): Cell => ({
    text: budgetText(share),
    tone: share !== null && share < 0 ? 'bad' : undefined,
  });
  return [
    { text: observeOnly ? `${name} (observed only)` : name },
    { text: percent(target) },
    { text: result, tone: RESULT_TONES[result] },
    { text: shareText(actual.new, counts.new !== null) },
    { text: shareText(actual.legacy, counts.legacy !== null) },
    { text: counts.new === null ? MISSING : whole(counts.new.all) },
    left(budgetLeft.new),
    left(budgetLeft.legacy),
    { text: percent(counts.new?.coverage ?? null) },
  ];
}

/** Measured and nothing happened is another thing than not measured. */
function shareText(share: number | null, measured: boolean): string {
  return share === null && measured ? 'no events' : percent(share);
}

function incidents({ incidents: { list, meanMs, medianMs, counted, open, how } }: Report): Block[] {
  const mean =
    counted === 0
      ? 'No incident ended in the period, so there is no mean time to recovery.'
      : `Mean time to recovery ${lasting(meanMs)}, median ${lasting(medianMs)}, over ${counted}.`;
  const still = open === 0 ? '' : ` ${open} not over.`;
  return [
    heading('Incidents'),
    { kind: 'text', text: `${list.length} in the period. ${mean}${still}` },
    ...(list.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            head: ['from', 'until', 'lasted', 'kind', 'by', 'cause', 'ended by'],
            rows: list.map(({ from, until, lastedMs, kind, by, automatic, cause, endedBy, ended }) => [
              { text: moment(from) },
              {
                text: until === null ? 'not over' : moment(until),
                tone: until === null ? ('bad' as const) : undefined,
              },
              { text: until === null ? 'not over' : lasting(lastedMs) },
              { text: kind === 'rollback' ? 'rollback' : 'critical pause' },
              { text: `${by} (${automatic ? 'machine' : 'by hand'})` },
              { text: cause },
              { text: endedBy === null ? '' : `${endedBy}: ${ended ?? ''}` },
            ]),
          },
        ]),
    { kind: 'text', text: how },
  ];
}

function rollbacks({ rollbacks: list }: Report): Block[] {
  if (list.length === 0) return [heading('Rollbacks'), { kind: 'text', text: 'None in the period.' }];
  return [
    heading('Rollbacks'),
    {
      kind: 'table',
      head: ['at', 'from → to', 'by', 'cause', 'evidence', 'revision'],
      rows: list.map(({ at, fromPercentage, toPercentage, by, cause, evidence, revision }) => [
        { text: moment(at) },
        { text: `${fromPercentage} % → ${toPercentage} %` },
        { text: by },
        { text: cause },
        { text: evidence },
        { text: String(revision) },
      ]),
    },
  ];
}

function days({ days: list, objectives: all }: Report): Block[] {
  return [
    heading('Day by day'),
    {
      kind: 'text',
      text: 'UTC days, by the numbers of the new transport. Insufficient: too few events to say. Unmeasured: no numbers, which is neither. A percentage beside it: so much of the day was measured.',
    },
    {
      kind: 'table',
      head: ['day', ...all.map(({ name }) => name)],
      rows: list.map(({ day, results }) => [
        { text: day },
        ...results.map(({ result, coverage }) => ({
          text:
            coverage === null || coverage >= WHOLE_DAY
              ? result
              : `${result} (${percent(roundedShare(coverage))})`,
          tone: RESULT_TONES[result],
        })),
      ]),
    },
  ];
}

function roundedShare(share: number): number {
  return Math.round(share * 1000) / 1000;
}

function removal({ removal: { answer, missing } }: Report): Block[] {
  return [
    heading('May legacy be removed?'),
    { kind: 'verdict', text: answer, tone: answer === 'yes' ? 'good' : 'unsure' },
    { kind: 'list', items: missing },
  ];
}

function changes({ changes: list, changesLeftOut }: Report): Block[] {
  const more = changesLeftOut > 0 ? ` The ${changesLeftOut} oldest are left out.` : '';
  return [
    heading('Changes'),
    {
      kind: 'text',
      text: `${list.length} in the period, the machine’s record of finished days not among them.${more}`,
    },
    ...(list.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            head: ['at', 'who', 'what', 'changed', 'why', 'revision'],
            rows: list.map(({ at, by, action, what, reason, revision }) => [
              { text: moment(at) },
              { text: by },
              { text: action },
              { text: what },
              { text: reason },
              { text: String(revision) },
            ]),
          },
        ]),
  ];
}

function gaps({ gaps: list }: Report): Block[] {
  return [
    heading('What is missing from this report'),
    list.length === 0 ? { kind: 'text', text: 'Nothing that is known of.' } : { kind: 'list', items: list },
  ];
}
