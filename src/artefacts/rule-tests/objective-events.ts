import type { Objective } from '../../slo/objectives';
import { counterValues, type InputSeries, type Stretch } from './scenario';

/** What happened on one transport: in each scrape of a stretch so many good events, and so many bad ones. */
export interface Happened {
  readonly scrapes: number;
  readonly good: number;
  readonly bad: number;
}

export type History = readonly (Happened | 'reset')[];

type Labels = Readonly<Record<string, string>>;

/** The series that a history leaves, written down by hand for each objective: not what the rules are generated from. */
const SERIES: Readonly<
  Record<string, (history: History, labels: Labels, boundary: number) => InputSeries[]>
> = {
  'command-success': (history, labels) => [
    counter('tcp_comm_command_total', { ...labels, outcome: 'applied' }, history, goodOf),
    counter('tcp_comm_command_total', { ...labels, outcome: 'timeout' }, history, badOf),
    counter('tcp_comm_command_total', { ...labels, outcome: 'not_connected' }, history, allOf),
  ],
  'command-latency': (history, labels, boundary) => [
    counter('tcp_comm_command_latency_seconds_count', labels, history, allOf),
    counter('tcp_comm_command_latency_seconds_bucket', { ...labels, le: String(boundary) }, history, goodOf),
    counter('tcp_comm_command_latency_seconds_bucket', { ...labels, le: '+Inf' }, history, allOf),
  ],
  'packet-loss': (history, labels) => [
    counter('tcp_comm_transmission_total', labels, history, allOf),
    counter('tcp_comm_transmission_unanswered_total', labels, history, badOf),
  ],
  'decode-errors': (history, labels) => [
    counter('tcp_comm_packet_recv_total', labels, history, goodOf),
    counter('tcp_comm_decode_errors_total', { ...labels, reason: 'malformed_packet' }, history, badOf),
  ],
  'queue-full': (history, labels) => [
    counter('tcp_comm_command_total', { ...labels, outcome: 'applied' }, history, goodOf),
    counter('tcp_comm_command_total', { ...labels, outcome: 'queue_full' }, history, badOf),
  ],
};

export function seriesOf({ name, bad }: Objective, history: History, labels: Labels): InputSeries[] {
  const write = SERIES[name];
  if (!write) throw new RangeError(`nobody wrote down what ${name} is made of`);
  return write(history, labels, bad[0]?.aboveSeconds ?? NaN);
}

const goodOf = ({ good }: Happened): number => good;
const badOf = ({ bad }: Happened): number => bad;
const allOf = ({ good, bad }: Happened): number => good + bad;

function counter(
  name: string,
  labels: Labels,
  history: History,
  each: (happened: Happened) => number,
): InputSeries {
  const stretches = history.map((happened): Stretch | 'reset' =>
    happened === 'reset' ? 'reset' : { scrapes: happened.scrapes, each: each(happened) },
  );
  const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return { series: `${name}{${text.join(',')}}`, values: counterValues(stretches) };
}
