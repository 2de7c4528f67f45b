import { durationText } from '../duration';
import { baseWindowMs, type Objective, type Term } from '../objectives';
import type { ReadRequest, Scope } from '../readings';
import { bucketMatcher, matchers, RECORDED, RULE_INTERVAL_MS, suffixOf } from '../recorded';
import { part, together } from './vector';

const SECOND_MS = 1000;

/** `recorded`: from the series that the recording rules keep. `raw`: from what the program exports, at a higher cost. */
export type Series = 'recorded' | 'raw';

export interface QueryStyle {
  readonly series: Series;
  readonly scrapeIntervalMs: number;
  /** Label matchers that single out this deployment's targets, such as job="pointsman". */
  readonly selector: string;
}

/** One of the three numbers of a window. */
export type Quantity = 'bad' | 'all' | 'coverage';

export const partKey = (quantity: Quantity, windowMs: number): string =>
  `${quantity}:${durationText(windowMs)}`;

export const QUANTITIES: readonly Quantity[] = ['bad', 'all', 'coverage'];

/** One query for every window of one transport: all are of the same instant. */
export function windowQuery(request: ReadRequest, style: QueryStyle): string {
  const expression = style.series === 'recorded' ? recorded : raw;
  return together(
    request.windowsMs.flatMap((windowMs) =>
      QUANTITIES.map((quantity) =>
        part(expression({ request, windowMs, quantity, style }), partKey(quantity, windowMs)),
      ),
    ),
  );
}

interface Wanted {
  readonly request: ReadRequest;
  readonly windowMs: number;
  readonly quantity: Quantity;
  readonly style: QueryStyle;
}

/**
 * Events of a longer window: the sum of the recorded rates times the time that each stands for. Series are never
 * added over anything but generations, so that a rule recorded twice shows as two series and not as twice the events.
 */
function recorded({ request, windowMs, quantity }: Wanted): string {
  const { objective, scope, transport } = request;
  const labels = [`slo="${objective.name}"`, `transport="${transport}"`, ...generationMatcher(scope)];
  const name = quantity === 'bad' ? RECORDED.errors : RECORDED.events;
  const series = `${name}{${labels.join(',')}}`;
  const inWindow = `${series}[${durationText(windowMs)}]${at(request)}`;
  const step = RULE_INTERVAL_MS / SECOND_MS;
  const over = (sum: string) => (scope === 'whole' ? `sum without (generation) (${sum})` : sum);
  if (quantity === 'coverage')
    return `${over(`count_over_time(${inWindow})`)} * ${step} / ${windowMs / SECOND_MS}`;
  // The shortest window is the one that the rate itself was taken over.
  if (windowMs === baseWindowMs(objective))
    return `${over(`${series}${at(request)}`)} * ${windowMs / SECOND_MS}`;
  return `${over(`sum_over_time(${inWindow})`)} * ${step}`;
}

function raw({ request, windowMs, quantity, style }: Wanted): string {
  const { objective } = request;
  if (quantity === 'coverage') {
    const [first] = objective.all as readonly [Term];
    const counted = `count_over_time(${rawSeries(first, request, style)}[${durationText(windowMs)}]${at(request)})`;
    return `max(${counted}) * ${style.scrapeIntervalMs / windowMs}`;
  }
  return objective[quantity]
    .map((term) => increase(term, { request, windowMs, quantity, style }))
    .join(' + ');
}

function increase(term: Term, { request, windowMs, style }: Wanted): string {
  const of = (suffix: string, more: readonly string[] = []) =>
    `sum(increase(${rawSeries(term, request, style, { suffix, more })}[${durationText(windowMs)}]${at(request)}))`;
  if (term.aboveSeconds === undefined) return of(suffixOf(term));
  return `clamp_min(${of('_count')} - ${of('_bucket', [bucketMatcher(term.aboveSeconds)])}, 0)`;
}

function rawSeries(
  term: Term,
  { transport, scope }: ReadRequest,
  { selector }: QueryStyle,
  { suffix, more }: { suffix: string; more: readonly string[] } = { suffix: suffixOf(term), more: [] },
): string {
  const labels = [`transport="${transport}"`, ...generationMatcher(scope), ...more];
  return `${term.metric}${suffix}${matchers(term, selector, labels)}`;
}

function generationMatcher(scope: Scope): string[] {
  return scope === 'whole' ? [] : [`generation="${scope}"`];
}

/** An instant of Prometheus's own clock, where one is asked for. */
function at({ endMs }: ReadRequest): string {
  return endMs === undefined ? '' : ` @ ${endMs / SECOND_MS}`;
}

/** Every metric name that an objective's evidence comes from, as it stands on /metrics. */
export function metricsOf(objectives: readonly Objective[]): string[] {
  const names = objectives.flatMap(({ bad, all }) =>
    [...bad, ...all].map((term) => `${term.metric}${suffixOf(term)}`),
  );
  return [...new Set(names)].sort();
}
