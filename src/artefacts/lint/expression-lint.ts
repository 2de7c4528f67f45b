import { secondsOf } from '../alerts/promql';
import type { KnownSeries } from './known-series';
import { readingOf, type Matcher, type Selection } from './selections';
import { closingOf, tokensOf, type Token } from './tokens';

/** The slowest scrape that the rules are made for; a rate wants four of them. */
const SCRAPE_SECONDS = 15;
const SCRAPES_PER_WINDOW = 4;

/** Functions that make sense of a counter. `absent` and `count` look at the series and not at the value. */
const OF_COUNTERS = new Set([
  'rate',
  'increase',
  'irate',
  'resets',
  'changes',
  'absent',
  'count',
  'group',
  'timestamp',
]);
const OF_RATES = new Set(['rate', 'increase', 'irate']);

/** What is wrong with an expression, a sentence each; the rules that promtool does not know. */
export function expressionFaults(expression: string, known: ReadonlyMap<string, KnownSeries>): string[] {
  const { selections, grouping } = readingOf(expression);
  return [
    ...selections.flatMap((selection) => selectionFaults(selection, known)),
    ...groupingFaults(grouping, selections, known),
    ...constantFaults(expression),
    ...divisionFaults(tokensOf(expression)),
  ];
}

function selectionFaults(selection: Selection, known: ReadonlyMap<string, KnownSeries>): string[] {
  const { metric, matchers } = selection;
  const series = known.get(metric);
  if (!series) return [`${metric} is neither exported nor recorded`];
  return [
    ...matchers.flatMap((matcher) => matcherFaults(metric, matcher, series)),
    ...counterFaults(selection, series),
    ...windowFaults(selection),
  ];
}

function matcherFaults(metric: string, { label, operator, value }: Matcher, series: KnownSeries): string[] {
  if (!series.labels.has(label)) return [`${metric} has no label ${label}`];
  const closed = series.values?.get(label);
  if (!closed || value.includes('$')) return [];
  const isPattern = operator.endsWith('~');
  const wanted = isPattern ? value.split('|') : [value];
  const occurs = (one: string): boolean =>
    isPattern ? closed.some((each) => new RegExp(`^(?:${one})$`).test(each)) : closed.includes(one);
  return wanted.filter((one) => !occurs(one)).map((one) => `${label} of ${metric} is never ${one}`);
}

function counterFaults({ metric, within }: Selection, { type }: KnownSeries): string[] {
  const counts = type === 'counter' || type === 'histogram';
  if (counts && !within.some((name) => OF_COUNTERS.has(name)))
    return [`${metric} only ever grows: it wants rate() or increase() around it`];
  if (type === 'gauge' && OF_RATES.has(within[0] ?? '')) return [`${metric} is a gauge: it has no rate`];
  return [];
}

/** A rate over fewer scrapes than four is missing as soon as one is; recorded series are as dense as their rules. */
function windowFaults({ metric, range, within }: Selection): string[] {
  if (range === undefined || !OF_RATES.has(within[0] ?? '')) return [];
  if (range === '$__rate_interval') return [];
  if (range.startsWith('$')) return [`${metric}[${range}]: a rate on a dashboard uses $__rate_interval`];
  const least = SCRAPE_SECONDS * SCRAPES_PER_WINDOW;
  return secondsOf(range) < least ? [`${metric}[${range}]: a rate wants at least ${least}s`] : [];
}

function groupingFaults(
  grouping: readonly string[],
  selections: readonly Selection[],
  known: ReadonlyMap<string, KnownSeries>,
): string[] {
  // count_values makes a label of its own; it is the generation wherever it is used here.
  const made = selections.some(({ within }) => within.includes('count_values')) ? ['generation'] : [];
  const present = new Set([
    ...made,
    ...selections.flatMap(({ metric }) => [...(known.get(metric)?.labels ?? [])]),
  ]);
  return grouping
    .filter((label) => !present.has(label))
    .map((label) => `nothing here has the label ${label} that it is grouped or matched by`);
}

/** A constant has no labels, so what it stands in for is lost to everything that matches by label. */
function constantFaults(expression: string): string[] {
  return /\bor\s+(on\s*\([^)]*\)\s*)?vector\s*\(/.test(expression)
    ? ['or vector(…) loses the labels: use or 0 * something that is there']
    : [];
}

/** 0/0 is NaN, and one of them spoils a sum over a month: what is divided by is a number, or `(… > 0)`. */
function divisionFaults(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, at) => {
    if (token.text !== '/') return [];
    const start = operandAt(tokens, at + 1);
    if (tokens[start]?.kind === 'number') return [];
    if (tokens[start]?.text !== '(') return ['a division by something that may be 0: write / (… > 0)'];
    const end = closingOf(tokens, start);
    const guarded = tokens[end - 1]?.text === '0' && tokens[end - 2]?.text === '>';
    return guarded ? [] : ['a division by something that may be 0: write / (… > 0)'];
  });
}

/** Behind `on (…) group_left (…)`. */
function operandAt(tokens: readonly Token[], from: number): number {
  let at = from;
  while (/^(on|ignoring|group_left|group_right)$/.test(tokens[at]?.text ?? '')) {
    at += 1;
    if (tokens[at]?.text === '(') at = closingOf(tokens, at) + 1;
  }
  return at;
}
