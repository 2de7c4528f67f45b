import type { CommandSettledFact, Fact, PacketFact } from '../kernel/facts';
import type { Outcome } from '../kernel/words';
import { COUNTED, type CountedName, type Definition } from './catalogue';
import { countCompared } from './mirror-counts';
import { CounterSeries, HistogramSeries, type Sample } from './series';
import { countSimple, type CounterName } from './simple-counts';

/** The outcomes that say nothing about a transport: nothing was transmitted, or the caller took it back. */
const NOT_COUNTED_IN_LATENCY: ReadonlySet<Outcome> = new Set<Outcome>([
  'queue_full',
  'expired',
  'not_connected',
  'cancelled',
]);

const MS = 1000;
const RECEIPT_TYPE = 0x7b;

type HistogramName = Exclude<CountedName, CounterName>;

/** Counts facts. The only place that knows which fact moves which metric. */
export class Recorder {
  private readonly counters = seriesOf<CounterName, CounterSeries>('counter', CounterSeries);
  private readonly histograms = seriesOf<HistogramName, HistogramSeries>('histogram', HistogramSeries);

  private generationEnds: () => void = () => {};

  constructor(private generation: number) {}

  /** `listener` is called when a generation ends, just before its series begin again at zero. */
  whenGenerationEnds(listener: () => void): void {
    this.generationEnds = listener;
  }

  /** The generation whose series these are. */
  get currentGeneration(): number {
    return this.generation;
  }

  /** All series, of the present generation where a metric has one. */
  samplesOf(name: CountedName): Sample[] {
    const series = isCounter(name) ? this.counters[name] : this.histograms[name];
    return series.samples('perGeneration' in COUNTED[name] ? { generation: this.generation } : {});
  }

  record(fact: Fact): void {
    switch (fact.kind) {
      case 'packet':
        return this.packet(fact);
      case 'command_settled':
        return this.settled(fact);
      case 'transmission':
        this.counters.transmissions.add(fact.transport);
        return fact.repeated ? this.counters.retransmissions.add(fact.transport) : undefined;
      case 'mirror_compared':
        if (fact.generation !== this.generation) return;
        return countCompared(this.counters, this.histograms.mirrorLatency, fact);
      case 'mirror_failed':
        if (fact.generation === this.generation) this.counters.darkLaunchErrors.add(fact.error);
        return;
      case 'plan_changed':
        return this.enterGeneration(fact.generation);
      default:
        return countSimple(this.counters, fact);
    }
  }

  private packet(fact: PacketFact): void {
    const { packetsSent, packetsReceived } = this.counters;
    (fact.direction === 'sent' ? packetsSent : packetsReceived).add(fact.transport);
    if (fact.elapsedMs === undefined) return;
    this.histograms.packetLatency.observe(
      fact.elapsedMs / MS,
      fact.transport,
      fact.type === RECEIPT_TYPE ? 'receipt' : 'reply',
    );
  }

  private settled(fact: CommandSettledFact): void {
    const { transport, outcome } = fact;
    if (fact.purpose === 'query') return this.counters.meshQueries.add(outcome);
    this.histograms.laneWait.observe(fact.waitedMs / MS, transport);
    if (outcome === 'queue_full') this.counters.queueFull.add(transport);
    if (outcome === 'expired') this.counters.queueExpired.add(transport);
    // A command decided under an older plan is that generation's evidence, and this process no longer exports it.
    if (fact.generation !== this.generation) return this.counters.commandsLate.add(transport, outcome);
    this.counters.commands.add(transport, outcome);
    if (outcome === 'applied') this.histograms.commandLatency.observe(fact.latencyMs / MS, transport);
    else if (!NOT_COUNTED_IN_LATENCY.has(outcome))
      this.histograms.commandLatency.observeBeyond(fact.latencyMs / MS, transport);
  }

  private enterGeneration(generation: number): void {
    if (generation === this.generation) return;
    this.generationEnds();
    this.generation = generation;
    for (const series of [...Object.values(this.counters), ...Object.values(this.histograms)])
      if (series.definition.perGeneration) series.reset();
  }
}

function isCounter(name: CountedName): name is CounterName {
  return COUNTED[name].type === 'counter';
}

/** The series of one type, by the name of their metric. */
function seriesOf<Name extends CountedName, Series>(
  type: Definition['type'],
  Series: new (definition: Definition) => Series,
): Readonly<Record<Name, Series>> {
  const definitions = Object.entries<Definition>(COUNTED).filter(
    ([, definition]) => definition.type === type,
  );
  return Object.fromEntries(
    definitions.map(([name, definition]) => [name, new Series(definition)]),
  ) as Record<Name, Series>;
}
