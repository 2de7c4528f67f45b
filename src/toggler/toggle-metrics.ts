import { Counter, Histogram, Registry } from 'prom-client';
import type { ToggleFact } from './toggle-fact';

/** The programme's boundaries (protocol 6.10). */
const LATENCY_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const MS_PER_SECOND = 1000;

/**
 * The metrics of the programme's toggler under its names. The device id is a label here: there is one device in the
 * whole life of the process.
 */
export class ToggleMetrics {
  readonly registry = new Registry();
  private readonly sent = this.counter('tcp_comm_packet_sent_total', 'Packets sent', 'outcome');
  private readonly received = this.counter('tcp_comm_packet_recv_total', 'Packets received', 'outcome');
  private readonly retransmitted = this.counter(
    'tcp_comm_packet_retransmit_total',
    'Attempts after the first',
    'reason',
  );
  private readonly undecodable = this.counter(
    'tcp_comm_decode_errors_total',
    'What could not be decoded',
    'reason',
  );
  private readonly latency = new Histogram({
    name: 'tcp_comm_packet_latency_seconds',
    help: 'From the request to its answer',
    labelNames: ['device_id'],
    buckets: LATENCY_BUCKETS,
    registers: [this.registry],
  });

  constructor(private readonly deviceId: string) {
    this.zero(this.sent, 'outcome', ['success', 'error']);
    this.zero(this.received, 'outcome', ['success', 'timeout']);
    this.zero(this.retransmitted, 'reason', ['connection_failed', 'timeout']);
    this.latency.zero({ device_id: deviceId });
  }

  count(fact: ToggleFact): void {
    const device_id = this.deviceId;
    switch (fact.kind) {
      case 'packet':
        (fact.direction === 'send' ? this.sent : this.received).inc({ device_id, outcome: fact.outcome });
        if (fact.isAnswer) this.latency.observe({ device_id }, fact.elapsedMs / MS_PER_SECOND);
        return;
      case 'undecodable':
        this.undecodable.inc({ device_id, reason: fact.reason });
        return;
      case 'retry':
        this.retransmitted.inc({ device_id, reason: fact.reason });
        return;
      default:
        return;
    }
  }

  private counter<Label extends string>(name: string, help: string, label: Label) {
    return new Counter({ name, help, labelNames: ['device_id', label] as const, registers: [this.registry] });
  }

  private zero(counter: Counter, label: string, values: readonly string[]): void {
    for (const value of values) counter.inc({ device_id: this.deviceId, [label]: value }, 0);
  }
}
