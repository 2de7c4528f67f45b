import { collectDefaultMetrics, Counter, Gauge, Registry, type Metric } from 'prom-client';
import { COUNTED, GAUGES, type CountedName, type Definition, type GaugeName } from './catalogue';
import type { Recorder } from './recorder';
import type { Sample } from './series';
import { SLO_GAUGES, type LabelledGauge, type SloGaugeName } from './slo-metrics';

/** What gauges are read from, at the moment of a scrape. */
export type GaugeReaders = Readonly<Record<GaugeName, () => number>>;

/** Who knows the values of the gauges that have labels. */
export interface LabelledGauges {
  samplesOf(name: SloGaugeName): Sample[];
}

type Source = () => Sample[];

/**
 * A metric of the client library's registry whose values are counted elsewhere. The registry asks for them under
 * this name when it writes text, and takes the type from the answer.
 */
class Published extends Counter {
  constructor(
    private readonly definition: Definition | LabelledGauge,
    private readonly source: Source,
  ) {
    super({ name: definition.name, help: definition.help, registers: [] });
  }

  getForPromString() {
    const { name, help, type } = this.definition;
    return { name, help, type, values: this.source() };
  }
}

/** Default metrics that promtool objects to: gauges with a counter's suffix. */
const NOT_EXPORTED = [
  'nodejs_active_resources_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
];

/** Everything that `/metrics` shows: the counted series, the gauges, and the process's own. */
export function exposition(recorder: Recorder, readers: GaugeReaders, labelled?: LabelledGauges): Registry {
  const registry = new Registry();
  for (const name of Object.keys(COUNTED) as CountedName[]) {
    registry.registerMetric(new Published(COUNTED[name], () => recorder.samplesOf(name)));
  }
  for (const [name, definition] of Object.entries(GAUGES) as [GaugeName, Definition][]) {
    const read = readers[name];
    const collect = function (this: Gauge): void {
      this.set(read());
    };
    registry.registerMetric(
      new Gauge({ name: definition.name, help: definition.help, registers: [], collect }),
    );
  }
  for (const name of labelled ? (Object.keys(SLO_GAUGES) as SloGaugeName[]) : [])
    registry.registerMetric(new Published(SLO_GAUGES[name], () => labelled?.samplesOf(name) ?? []));
  for (const metric of processMetrics()) registry.registerMetric(metric);
  return registry;
}

/**
 * Collected in a registry of their own: the client library watches the garbage collector for as long as the process
 * lives, and would hold every reader of the registry that it reports to.
 */
function processMetrics(): Metric[] {
  const apart = new Registry();
  collectDefaultMetrics({ register: apart });
  for (const name of NOT_EXPORTED) apart.removeSingleMetric(name);
  return apart.getMetricsAsArray().map(({ name }) => apart.getSingleMetric(name) as Metric);
}
