import type { OUTCOMES } from '../../kernel/words';
import { nameOf, selector } from '../alerts/promql';
import type { CountedName, GaugeName } from '../../telemetry/catalogue';

/** Expressions that several dashboards use. A rate on a dashboard fits the zoom: four scrapes at least, by Grafana. */
export const RATE = '$__rate_interval';

/** What the reader chose; all of it when nothing was. */
export const CHOSEN = { transport: '=~"$transport"' } as const;

/** Outcomes that count for or against a transport: something was transmitted. */
export const TRANSMITTED = [
  'applied',
  'rejected',
  'accepted',
  'timeout',
  'connection_lost',
] as const satisfies readonly (typeof OUTCOMES)[number][];

/** Per second, added up over processes. */
export function perSecond(
  metric: CountedName,
  by: readonly string[],
  matchers: Readonly<Record<string, string>> = {},
): string {
  return `sum by (${by.join(', ')}) (rate(${selector(nameOf(metric), matchers)}[${RATE}]))`;
}

/** A share of two rates. Nothing at all where nothing happened. */
export function share(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

/** The highest of what the processes say: of a plan there is one, and who lags shows elsewhere. */
export function highest(gauge: GaugeName): string {
  return `max(${nameOf(gauge)})`;
}

export function total(gauge: GaugeName): string {
  return `sum(${nameOf(gauge)})`;
}

export function quantile(
  metric: CountedName,
  q: number,
  matchers: Readonly<Record<string, string>> = {},
): string {
  const buckets = selector(`${nameOf(metric)}_bucket`, matchers);
  return `histogram_quantile(${q}, sum by (transport, le) (rate(${buckets}[${RATE}])))`;
}
