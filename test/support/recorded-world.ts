import type { Random } from '../../src/kernel/random';
import { TRANSPORTS } from '../../src/kernel/words';
import { COUNTED, type CountedName, type Definition } from '../../src/telemetry/catalogue';
import type { StoredSample } from './prometheus-server';

const SCRAPE_MS = 15_000;

/** A process that is scraped, with everything that can happen to it. Times are since the beginning. */
export interface ScrapedReplica {
  readonly instance: string;
  /** Its counters begin again at zero. */
  readonly restartsAtMs: readonly number[];
  /** Not scraped in between. */
  readonly gaps: readonly (readonly [number, number])[];
  /** Scraped no more. */
  readonly diesAtMs?: number | undefined;
}

export interface World {
  readonly fromMs: number;
  readonly toMs: number;
  readonly replicas: readonly ScrapedReplica[];
  /** A transport that is no longer exported from then on. */
  readonly switchedOff?: { readonly transport: string; readonly atMs: number } | undefined;
  /** Generation → when it begins. */
  readonly generations: readonly (readonly [number, number])[];
  readonly metrics: readonly CountedName[];
  readonly environment: string;
  readonly job?: string;
  /** About how often a series grows at each scrape; the default is mostly good. */
  readonly perScrape?: (transport: string, value: string) => number;
  readonly random: Random;
}

/** What Prometheus would have stored of such a world: every series of the metrics, scrape after scrape. */
export function* scrapesOf(world: World): Generator<StoredSample> {
  for (const replica of world.replicas) {
    const about = `instance="${replica.instance}",job="${world.job ?? 'pointsman'}"`;
    const times = scrapeTimes(world, replica);
    for (const atMs of times) yield { series: `up{${about}}`, value: 1, atMs };
    const build = `version="1",environment="${world.environment}",replica="${replica.instance}"`;
    for (const atMs of times) yield { series: `tcp_comm_build_info{${about},${build}}`, value: 1, atMs };
    for (const name of world.metrics) yield* metricOf(COUNTED[name], { world, replica, about, times });
  }
}

interface Scraped {
  readonly world: World;
  readonly replica: ScrapedReplica;
  readonly about: string;
  readonly times: readonly number[];
}

function* metricOf(definition: Definition, scraped: Scraped): Generator<StoredSample> {
  const { world } = scraped;
  for (const [at, [generation, beginsMs]] of world.generations.entries()) {
    const endsMs = world.generations[at + 1]?.[1] ?? Infinity;
    for (const transport of TRANSPORTS)
      yield* seriesOf(definition, scraped, { generation, beginsMs, endsMs, transport });
  }
}

interface Era {
  readonly generation: number;
  readonly beginsMs: number;
  readonly endsMs: number;
  readonly transport: string;
}

function* seriesOf(definition: Definition, scraped: Scraped, era: Era): Generator<StoredSample> {
  const { world, about } = scraped;
  const labels = `${about},transport="${era.transport}",generation="${era.generation}"`;
  const offAtMs = world.switchedOff?.transport === era.transport ? world.switchedOff.atMs : Infinity;
  const times = scraped.times.filter((atMs) => {
    const since = atMs - world.fromMs;
    return since >= era.beginsMs && since < Math.min(era.endsMs, offAtMs);
  });
  if (definition.type === 'histogram') {
    yield* histogram(definition, scraped, labels, times);
    return;
  }
  const [, label] = definition.labels;
  for (const value of definition.values[1] ?? ['']) {
    const counts = counter(scraped, times, (world.perScrape ?? mostlyGood)(era.transport, value));
    const more = label === undefined ? '' : `,${label}="${value}"`;
    for (const [index, atMs] of times.entries())
      yield { series: `${definition.name}{${labels}${more}}`, value: counts[index] as number, atMs };
  }
}

/** A metric without a second label counts under the empty value. */
function mostlyGood(_transport: string, value: string): number {
  return value === 'applied' || value === '' ? 20 : 0.2;
}

function* histogram(
  { name, buckets = [] }: Definition,
  scraped: Scraped,
  labels: string,
  times: readonly number[],
): Generator<StoredSample> {
  const cells = [...buckets, Infinity].map(() => counter(scraped, times, 2));
  let below = times.map(() => 0);
  for (const [at, bound] of [...buckets, Infinity].entries()) {
    below = below.map((total, index) => total + (cells[at]?.[index] as number));
    const le = bound === Infinity ? '+Inf' : String(bound);
    for (const [index, atMs] of times.entries())
      yield { series: `${name}_bucket{${labels},le="${le}"}`, value: below[index] as number, atMs };
  }
  for (const [index, atMs] of times.entries())
    yield { series: `${name}_count{${labels}}`, value: below[index] as number, atMs };
}

/** A counter at each scrape: grows by about `perScrape`, and begins again where its process does. */
function counter({ world, replica }: Scraped, times: readonly number[], perScrape: number): number[] {
  let value = 0;
  let before = -1;
  return times.map((atMs) => {
    const since = atMs - world.fromMs;
    if (replica.restartsAtMs.some((restart) => before < restart && restart <= since)) value = 0;
    else if (before >= 0) value += Math.floor(world.random.next() * (2 * perScrape + 1));
    before = since;
    return value;
  });
}

function scrapeTimes({ fromMs, toMs }: World, { gaps, diesAtMs = Infinity }: ScrapedReplica): number[] {
  const times: number[] = [];
  for (let atMs = fromMs; atMs <= toMs; atMs += SCRAPE_MS) {
    const since = atMs - fromMs;
    if (since < diesAtMs && !gaps.some(([from, to]) => since >= from && since < to)) times.push(atMs);
  }
  return times;
}
