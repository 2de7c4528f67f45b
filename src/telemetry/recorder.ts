import type { CommandSettledFact, Fact, PacketFact } from '../kernel/facts';
import type { Outcome } from '../kernel/words';
import { COUNTED, type CountedName } from './catalogue';
import { CounterSeries, HistogramSeries, type Sample } from './series';

/** The outcomes that say nothing about a transport: nothing was transmitted, or the caller took it back. */
const NOT_COUNTED_IN_LATENCY: ReadonlySet<Outcome> = new Set<Outcome>([
  'queue_full',
  'expired',
  'not_connected',
  'cancelled',
]);

const MS = 1000;
const RECEIPT_TYPE = 0x7b;

type CounterName = {
  [Name in CountedName]: (typeof COUNTED)[Name]['type'] extends 'counter' ? Name : never;
}[CountedName];
type HistogramName = Exclude<CountedName, CounterName>;

/** Counts facts. The only place that knows which fact moves which metric. */
export class Recorder {
  private readonly counters = new Map<CounterName, CounterSeries>();
  private readonly histograms = new Map<HistogramName, HistogramSeries>();
  private generation: number;

  constructor(generation: number) {
    this.generation = generation;
    for (const [name, definition] of Object.entries(COUNTED)) {
      if (definition.type === 'counter')
        this.counters.set(name as CounterName, new CounterSeries(definition));
      else this.histograms.set(name as HistogramName, new HistogramSeries(definition));
    }
  }

  /** All series, of the present generation where a metric has one. */
  samplesOf(name: CountedName): Sample[] {
    const series = this.counters.get(name as CounterName) ?? this.histogram(name as HistogramName);
    return series.samples('perGeneration' in COUNTED[name] ? { generation: this.generation } : {});
  }

  record(fact: Fact): void {
    switch (fact.kind) {
      case 'packet':
        return this.packet(fact);
      case 'command_settled':
        return this.settled(fact);
      case 'routed':
        return this.add('routingDecisions', fact.transport);
      case 'transmission':
        this.add('transmissions', fact.transport);
        return fact.repeated ? this.add('retransmissions', fact.transport) : undefined;
      case 'transmission_unanswered':
        return this.add('transmissionsUnanswered', fact.transport, '', fact.count);
      case 'early_repeat':
        return this.add('earlyRetransmissions', fact.transport, '', fact.count);
      case 'answer':
        return this.add('answers', fact.answer, fact.outcome);
      case 'answer_timeout':
        return this.add('answerTimeouts', fact.transport, fact.awaited);
      case 'drain_timeout':
        return this.add('drainTimeouts', fact.transport);
      default:
        return this.recordRare(fact);
    }
  }

  private recordRare(fact: Fact): void {
    switch (fact.kind) {
      case 'decode_failed':
        return this.add(
          'decodeErrors',
          fact.transport,
          fact.part === 'packet' ? 'malformed_packet' : 'malformed_frame',
        );
      case 'checksum_mismatch':
        return this.add('checksumMismatches', fact.transport);
      case 'bytes_discarded':
        return this.add('framingErrors', fact.reason);
      case 'message_ids_wrapped':
        return this.add('messageIdWraps');
      case 'handshake':
        return this.add('handshakes', fact.outcome);
      case 'announce_unanswered':
        return this.add('announcesUnanswered');
      case 'tls_handshake_failed':
        return this.add('tlsHandshakeErrors');
      case 'link_ended':
        return this.add('connectionsEnded', fact.reason);
      case 'store_failed':
        return this.add('storeFailures', fact.operation);
      case 'plan_changed':
        return this.enterGeneration(fact.generation);
    }
  }

  private packet(fact: PacketFact): void {
    this.add(fact.direction === 'sent' ? 'packetsSent' : 'packetsReceived', fact.transport);
    if (fact.elapsedMs === undefined) return;
    this.histogram('packetLatency').observe(
      fact.elapsedMs / MS,
      fact.transport,
      fact.type === RECEIPT_TYPE ? 'receipt' : 'reply',
    );
  }

  private settled(fact: CommandSettledFact): void {
    const { transport, outcome } = fact;
    this.histogram('laneWait').observe(fact.waitedMs / MS, transport);
    if (outcome === 'queue_full') this.add('queueFull', transport);
    if (outcome === 'expired') this.add('queueExpired', transport);
    // A command decided under an older plan is that generation's evidence, and this process no longer exports it.
    if (fact.generation !== this.generation) return;
    this.add('commands', transport, outcome);
    if (outcome === 'applied') this.histogram('commandLatency').observe(fact.latencyMs / MS, transport);
    else if (!NOT_COUNTED_IN_LATENCY.has(outcome))
      this.histogram('commandLatency').observeBeyond(fact.latencyMs / MS, transport);
  }

  private enterGeneration(generation: number): void {
    if (generation === this.generation) return;
    this.generation = generation;
    this.counter('commands').reset();
    this.histogram('commandLatency').reset();
  }

  private add(name: CounterName, first = '', second = '', count = 1): void {
    this.counter(name).add(first, second, count);
  }

  private counter(name: CounterName): CounterSeries {
    return this.counters.get(name) as CounterSeries;
  }

  private histogram(name: HistogramName): HistogramSeries {
    return this.histograms.get(name) as HistogramSeries;
  }
}
