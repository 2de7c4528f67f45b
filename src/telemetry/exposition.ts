import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { COUNTED, GAUGES, type CountedName, type Definition, type GaugeName } from './catalogue';
import type { Recorder } from './recorder';
import type { Sample } from './series';

/** What gauges are read from, at the moment of a scrape. */
export type GaugeReaders = Readonly<Record<GaugeName, () => number>>;

type Source = () => Sample[];

/** A counter of the client library that publishes what was counted elsewhere. */
class PublishedCounter extends Counter {
  constructor(
    definition: Definition,
    private readonly source: Source,
  ) {
    super({ name: definition.name, help: definition.help, registers: [] });
  }

  override async get() {
    return { ...(await super.get()), values: this.source() };
  }
}

class PublishedHistogram extends Histogram {
  constructor(
    definition: Definition,
    private readonly source: Source,
  ) {
    super({ name: definition.name, help: definition.help, registers: [] });
  }

  override async get() {
    return { ...(await super.get()), values: this.source() };
  }

  /** The library's registry asks a histogram in this way when it writes text. */
  getForPromString() {
    return this.get();
  }
}

/** Default metrics that promtool objects to: gauges with a counter's suffix. */
const NOT_EXPORTED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/** Everything that `/metrics` shows: the counted series, the gauges, and the process's own. */
export function exposition(recorder: Recorder, readers: GaugeReaders): Registry {
  const registry = new Registry();
  for (const name of Object.keys(COUNTED) as CountedName[])
    registry.registerMetric(published(name, recorder));
  for (const [name, definition] of Object.entries(GAUGES) as [GaugeName, Definition][]) {
    const read = readers[name];
    const collect = function (this: Gauge): void {
      this.set(read());
    };
    registry.registerMetric(
      new Gauge({ name: definition.name, help: definition.help, registers: [], collect }),
    );
  }
  collectDefaultMetrics({ register: registry });
  for (const name of NOT_EXPORTED) registry.removeSingleMetric(name);
  return registry;
}

function published(name: CountedName, recorder: Recorder): PublishedCounter | PublishedHistogram {
  const definition = COUNTED[name];
  const source: Source = () => recorder.samplesOf(name);
  return definition.type === 'counter'
    ? new PublishedCounter(definition, source)
    : new PublishedHistogram(definition, source);
}
