import { POLICY_SWITCH_REASONS } from '../kernel/bounded-queue-policy';
import { ANSWER_FATES, LINK_END_REASONS } from '../kernel/facts';
import { OUTCOMES, TRANSPORTS } from '../kernel/words';
import { ALERT_COUNTED, ALERT_GAUGES } from './alert-metrics';
import { GUARD_COUNTED, GUARD_GAUGES } from './guard-metrics';
import { MIRROR_COUNTED, MIRROR_GAUGES } from './mirror-metrics';
import { REPLICA_COUNTED, REPLICA_GAUGES } from './replica-metrics';
import { STAGE_GAUGES } from './stage-metrics';
import { STORE_COUNTED, STORE_GAUGES } from './store-metrics';

/** A metric as data. Labels are closed sets, so every series exists, at zero, from the first scrape on. */
export interface Definition<Labels extends readonly string[] = readonly string[]> {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  /** In the order in which values are given when counting. At most two. */
  readonly labels: Labels;
  readonly values: { readonly [At in keyof Labels]: readonly string[] };
  /** Upper bounds in seconds; only for histograms. */
  readonly buckets?: readonly number[];
  /** Carries a `generation` label and starts again at zero with each generation. */
  readonly perGeneration?: true;
}

type Declaration<Labels extends readonly string[]> = Omit<Definition<Labels>, 'type'>;

const counter = <const Labels extends readonly string[]>(declaration: Declaration<Labels>) => ({
  type: 'counter' as const,
  ...declaration,
});
const histogram = <const Labels extends readonly string[]>(declaration: Declaration<Labels>) => ({
  type: 'histogram' as const,
  ...declaration,
});
const gauge = (name: string, help: string) => ({
  type: 'gauge' as const,
  name,
  help,
  labels: [] as const,
  values: [] as const,
});

const byTransport = { labels: ['transport'], values: [TRANSPORTS] } as const;

/** The boundaries at 0.8 s and 1.5 s are the latency objectives of lab and field. */
const COMMAND_BUCKETS = [0.05, 0.1, 0.25, 0.5, 0.8, 1, 1.5, 2.5, 5, 10] as const;
const ANSWER_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5] as const;

const FRAMING_REASONS = ['out_of_step', 'oversize', 'tls'] as const;
const DECODE_REASONS = ['malformed_packet', 'malformed_frame'] as const;

/** Every counter and histogram that is counted from facts. */
export const COUNTED = {
  ...ALERT_COUNTED,
  ...GUARD_COUNTED,
  ...MIRROR_COUNTED,
  ...REPLICA_COUNTED,
  ...STORE_COUNTED,
  commands: counter({
    name: 'tcp_comm_command_total',
    help: 'Commands that ended, by the outcome that the observer saw on the link',
    labels: ['transport', 'outcome'],
    values: [TRANSPORTS, OUTCOMES],
    perGeneration: true,
  }),
  commandsLate: counter({
    name: 'tcp_comm_command_late_total',
    help: 'Commands that ended after the generation that they were sent in; they count in no objective',
    labels: ['transport', 'outcome'],
    values: [TRANSPORTS, OUTCOMES],
  }),
  commandLatency: histogram({
    name: 'tcp_comm_command_latency_seconds',
    help: 'From leaving the lane to the application reply; a command that was never applied counts in +Inf alone',
    ...byTransport,
    buckets: COMMAND_BUCKETS,
    perGeneration: true,
  }),
  meshQueries: counter({
    name: 'tcp_comm_mesh_info_request_total',
    help: 'Queries for the mesh nodes behind a bridge, by how they ended',
    labels: ['outcome'],
    values: [OUTCOMES],
  }),
  laneWait: histogram({
    name: 'tcp_comm_lane_wait_seconds',
    help: 'From entering the lane to leaving it, or to the end of a command that never left',
    ...byTransport,
    buckets: COMMAND_BUCKETS,
  }),
  packetsSent: counter({
    name: 'tcp_comm_packet_sent_total',
    help: 'Packets written to devices',
    ...byTransport,
  }),
  packetsReceived: counter({
    name: 'tcp_comm_packet_recv_total',
    help: 'Whole packets received from devices',
    ...byTransport,
    perGeneration: true,
  }),
  packetLatency: histogram({
    name: 'tcp_comm_packet_latency_seconds',
    help: 'From a transmission to a receipt or reply that answers it',
    labels: ['transport', 'ack_type'],
    values: [TRANSPORTS, ['receipt', 'reply']],
    buckets: ANSWER_BUCKETS,
  }),
  transmissions: counter({
    name: 'tcp_comm_transmission_total',
    help: 'Command frames transmitted, repeats included',
    ...byTransport,
    perGeneration: true,
  }),
  transmissionsUnanswered: counter({
    name: 'tcp_comm_transmission_unanswered_total',
    help: 'Transmissions that no receipt answered before the deadline of their command',
    ...byTransport,
    perGeneration: true,
  }),
  retransmissions: counter({
    name: 'tcp_comm_packet_retransmit_total',
    help: 'Command frames transmitted again',
    ...byTransport,
  }),
  retriesDenied: counter({
    name: 'tcp_comm_retry_denied_total',
    help: 'Repeats that were due and that the budget over all devices did not allow',
    ...byTransport,
  }),
  earlyRetransmissions: counter({
    name: 'tcp_comm_early_retransmit_total',
    help: 'Repeats whose first transmission was answered after all',
    ...byTransport,
  }),
  answers: counter({
    name: 'tcp_comm_ack_received_total',
    help: 'Receipts and replies, by whether a command was waiting for them',
    labels: ['ack_type', 'outcome'],
    values: [['receipt', 'reply'], ANSWER_FATES],
  }),
  answerTimeouts: counter({
    name: 'tcp_comm_ack_timeout_total',
    help: 'Waits for a receipt or reply that took longer than the adaptive timer',
    labels: ['transport', 'ack_type'],
    values: [TRANSPORTS, ['receipt', 'reply']],
  }),
  drainTimeouts: counter({
    name: 'tcp_comm_drain_timeout_total',
    help: 'Writes that a device did not take in time',
    ...byTransport,
  }),
  decodeErrors: counter({
    name: 'tcp_comm_decode_errors_total',
    help: 'Packets whose body or inner frame does not parse',
    labels: ['transport', 'reason'],
    values: [TRANSPORTS, DECODE_REASONS],
    perGeneration: true,
  }),
  checksumMismatches: counter({
    name: 'tcp_comm_checksum_mismatch_total',
    help: 'Frames with a checksum that does not fit; none is dropped',
    ...byTransport,
  }),
  framingErrors: counter({
    name: 'tcp_comm_framing_errors_total',
    help: 'Runs of bytes that belonged to no packet',
    labels: ['reason'],
    values: [FRAMING_REASONS],
  }),
  duplicatesDropped: counter({
    name: 'tcp_comm_idempotent_drop_total',
    help: 'Packets that came again: acknowledged again, not delivered again',
    ...byTransport,
  }),
  messageIdWraps: counter({
    name: 'tcp_comm_msg_id_wraps_total',
    help: 'Wraps of the 16-bit message id',
    labels: [],
    values: [],
  }),
  handshakes: counter({
    name: 'tcp_comm_handshake_total',
    help: 'Devices that said who they are, by whether they were believed',
    labels: ['outcome'],
    values: [['success', 'refused']],
  }),
  tlsHandshakeErrors: counter({
    name: 'tcp_comm_tls_handshake_errors_total',
    help: 'TLS handshakes that failed or took too long',
    labels: [],
    values: [],
  }),
  devicesSlowed: counter({
    name: 'tcp_comm_device_slowed_total',
    help: 'Pauses in reading from a device that sent more packets than it may',
    labels: [],
    values: [],
  }),
  announcesUnanswered: counter({
    name: 'tcp_comm_announce_unanswered_total',
    help: 'Devices that took no notice of the announce',
    labels: [],
    values: [],
  }),
  connectionsRefused: counter({
    name: 'tcp_comm_connection_refused_total',
    help: 'Connections sent away before they said anything: too many sockets, or too many in a short time',
    labels: ['reason'],
    values: [['limit', 'rate']],
  }),
  connectionsEnded: counter({
    name: 'tcp_comm_connection_ended_total',
    help: 'Connections that ended, by reason',
    labels: ['reason'],
    values: [LINK_END_REASONS],
  }),
  routingDecisions: counter({
    name: 'tcp_comm_routing_decision_total',
    help: 'Commands that left their lane, by the transport chosen',
    ...byTransport,
  }),
  queueFull: counter({
    name: 'tcp_comm_queue_full_total',
    help: 'Commands that ended because the lane of their device was full',
    ...byTransport,
  }),
  queueDropped: counter({
    name: 'tcp_comm_queue_dropped_total',
    help: 'Commands that were in a full lane and were given up for newer ones',
    labels: ['transport', 'reason'],
    values: [TRANSPORTS, ['overflow']],
  }),
  queueDegraded: counter({
    name: 'tcp_comm_queue_degraded_total',
    help: 'Times that the lane of a device was found full too often',
    ...byTransport,
  }),
  queuePolicySwitches: counter({
    name: 'tcp_comm_queue_policy_switch_total',
    help: 'Times that a blocking lane began to drop the oldest because nobody got in any more, or ceased to',
    labels: ['transport', 'reason'],
    values: [TRANSPORTS, POLICY_SWITCH_REASONS],
  }),
  queueExpired: counter({
    name: 'tcp_comm_queue_expired_total',
    help: 'Commands whose deadline passed before they left the lane',
    ...byTransport,
  }),
} satisfies Record<string, Definition>;

/** Every gauge, read at the moment of a scrape. */
export const GAUGES = {
  ...ALERT_GAUGES,
  ...GUARD_GAUGES,
  ...MIRROR_GAUGES,
  ...REPLICA_GAUGES,
  ...STAGE_GAUGES,
  ...STORE_GAUGES,
  connections: gauge('tcp_comm_connections', 'Connections that are open, identified or not'),
  connectedDevices: gauge('tcp_comm_devices_connected', 'Devices whose link takes commands'),
  waitingCommands: gauge('tcp_comm_send_queue_size', 'Commands that wait in lanes'),
  inFlightCommands: gauge('tcp_comm_commands_in_flight', 'Commands on the wire'),
  percentage: gauge('tcp_comm_canary_percentage', 'The percentage of the plan in effect'),
  effectivePercentage: gauge(
    'tcp_comm_canary_effective_percentage',
    'Share of the commands of the last minute that went to the new transport, in percent; NaN without any',
  ),
  holdback: gauge('tcp_comm_canary_holdback_percentage', 'Share of devices that stay on legacy'),
  revision: gauge('tcp_comm_plan_revision', 'Revision of the plan in effect'),
  generation: gauge('tcp_comm_plan_generation', 'Generation of the plan in effect'),
  latched: gauge('tcp_comm_rollout_latched', '1 while a rollback forbids every raise'),
} satisfies Record<string, Definition>;

export type CountedName = keyof typeof COUNTED;
export type GaugeName = keyof typeof GAUGES;
