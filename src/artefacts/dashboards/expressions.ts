import { TRANSMITTED_OUTCOMES } from '../../kernel/words';
import { anyOf, nameOf, selector, type Matchers } from '../alerts/promql';
import type { CountedName, GaugeName } from '../../telemetry/catalogue';

/** Expressions that several dashboards use. A rate on a dashboard fits the zoom: four scrapes at least, by Grafana. */
export const RATE = '$__rate_interval';

/** What the reader chose; all of it when nothing was. */
export const CHOSEN = { transport: '=~"$transport"' } as const;

/** Per second, added up over processes, and over every label that is not named. */
export function perSecond(metric: CountedName, by: readonly string[] = [], matchers: Matchers = {}): string {
  const rate = `rate(${selector(nameOf(metric), matchers)}[${RATE}])`;
  return by.length === 0 ? `sum(${rate})` : `sum by (${by.join(', ')}) (${rate})`;
}

/** A share of two rates. Nothing at all where nothing happened. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

/** The highest of what the processes say: of a plan there is one, and who lags shows elsewhere. */
export function highest(gauge: GaugeName): string {
  return `max(${nameOf(gauge)})`;
}

/** The lowest of what the processes say: a limit, or something that all of them should have. */
export function lowest(gauge: GaugeName): string {
  return `min(${nameOf(gauge)})`;
}

export function total(gauge: GaugeName): string {
  return `sum(${nameOf(gauge)})`;
}

/** Commands that were applied, of those that were transmitted. */
export function successShare(matchers: Matchers = {}): string {
  const ended = (outcome: string): string => perSecond('commands', ['transport'], { ...matchers, outcome });
  return share(ended('applied'), ended(anyOf(TRANSMITTED_OUTCOMES)));
}

/** How many took how long, for a heatmap. */
export function bucketRates(metric: CountedName, matchers: Matchers): string {
  return `sum by (le) (rate(${selector(`${nameOf(metric)}_bucket`, matchers)}[${RATE}]))`;
}

export function quantile(metric: CountedName, q: number, matchers: Matchers = {}): string {
  const buckets = selector(`${nameOf(metric)}_bucket`, matchers);
  return `histogram_quantile(${q}, sum by (transport, le) (rate(${buckets}[${RATE}])))`;
}
