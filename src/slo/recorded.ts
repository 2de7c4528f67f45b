import { durationText } from './duration';
import { definitionOf } from './metric-lookup';
import { baseWindowMs, type Objective, type Term } from './objectives';

/**
 * What Prometheus records of each objective (the rules are generated from here), so that a window of thirty days
 * costs two short sums. Errors and events apart, never their ratio: an average of ratios weighs a quiet hour like
 * a busy one.
 */
export const RECORDED = {
  /** Bad events per second. Labels: slo, transport, generation. */
  errors: 'tcp_comm:slo_errors:rate',
  /** All events per second, likewise. */
  events: 'tcp_comm:slo_events:rate',
} as const;

/** How often those rules are evaluated; the sums are turned into counts with it. */
export const RULE_INTERVAL_MS = 30_000;

const BY = 'transport, generation';

/** All events per second over the base window, by transport and generation. */
export function eventsRate(objective: Objective, selector = ''): string {
  return sumOf(objective.all, durationText(baseWindowMs(objective)), selector);
}

/** Bad events per second, likewise; zero, not absent, where there are events and nothing was bad. */
export function errorsRate(objective: Objective, selector = ''): string {
  const bad = sumOf(objective.bad, durationText(baseWindowMs(objective)), selector);
  return `(${bad}) or 0 * (${eventsRate(objective, selector)})`;
}

function sumOf(terms: readonly Term[], window: string, selector: string): string {
  return terms.map((term) => rateOf(term, window, selector)).join(' + ');
}

function rateOf(term: Term, window: string, selector: string): string {
  const rate = (suffix: string, more: readonly string[] = []) =>
    `sum by (${BY}) (rate(${term.metric}${suffix}${matchers(term, selector, more)}[${window}]))`;
  if (term.aboveSeconds === undefined) return rate(suffixOf(term));
  // Count and bucket may be of two moments; less than nothing is nothing.
  return `clamp_min(${rate('_count')} - ${rate('_bucket', [bucketMatcher(term.aboveSeconds)])}, 0)`;
}

/** A histogram's events are its `_count`. */
export function suffixOf({ metric }: Term): string {
  return definitionOf(metric)?.type === 'histogram' ? '_count' : '';
}

/** Prometheus 3 stores `1` as `1.0`. */
export function bucketMatcher(seconds: number): string {
  return Number.isInteger(seconds) ? `le=~"${seconds}([.]0)?"` : `le="${seconds}"`;
}

/** The label matchers of a term, in a stable order. */
export function matchers(term: Term, selector: string, more: readonly string[] = []): string {
  const where = Object.entries(term.where).map(([label, values]) =>
    values.length === 1 ? `${label}="${values[0]}"` : `${label}=~"${values.join('|')}"`,
  );
  const all = [...where, ...more, ...(selector === '' ? [] : [selector])];
  return all.length === 0 ? '' : `{${all.join(',')}}`;
}
