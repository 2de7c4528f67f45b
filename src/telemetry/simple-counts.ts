import type { Fact } from '../kernel/facts';
import type { COUNTED, CountedName } from './catalogue';
import type { CounterSeries } from './series';

/** The metrics that are counters. */
export type CounterName = {
  [Name in CountedName]: (typeof COUNTED)[Name]['type'] extends 'counter' ? Name : never;
}[CountedName];

type Counters = Readonly<Record<CounterName, CounterSeries>>;
type Rules = {
  readonly [Kind in Fact['kind']]?: (counters: Counters, fact: Extract<Fact, { kind: Kind }>) => void;
};

/** The facts that move one counter and nothing else. */
const RULES: Rules = {
  routed: (counters, { transport }) => counters.routingDecisions.add(transport),
  transmission_unanswered: (counters, { transport, count }) =>
    counters.transmissionsUnanswered.add(transport, '', count),
  early_repeat: (counters, { transport, count }) => counters.earlyRetransmissions.add(transport, '', count),
  repeat_denied: (counters, { transport }) => counters.retriesDenied.add(transport),
  answer: (counters, { answer, outcome }) => counters.answers.add(answer, outcome),
  answer_timeout: (counters, { transport, awaited }) => counters.answerTimeouts.add(transport, awaited),
  drain_timeout: (counters, { transport }) => counters.drainTimeouts.add(transport),
  decode_failed: (counters, { transport, part }) =>
    counters.decodeErrors.add(transport, part === 'packet' ? 'malformed_packet' : 'malformed_frame'),
  checksum_mismatch: (counters, { transport }) => counters.checksumMismatches.add(transport),
  bytes_discarded: (counters, { reason }) => counters.framingErrors.add(reason),
  duplicate_dropped: (counters, { transport }) => counters.duplicatesDropped.add(transport),
  message_ids_wrapped: (counters) => counters.messageIdWraps.add(),
  queue_dropped: (counters, { transport, reason }) => counters.queueDropped.add(transport, reason),
  queue_degraded: (counters, { transport }) => counters.queueDegraded.add(transport),
  queue_policy_switched: (counters, { transport, reason }) =>
    counters.queuePolicySwitches.add(transport, reason),
  handshake: (counters, { outcome }) => counters.handshakes.add(outcome),
  device_slowed: (counters) => counters.devicesSlowed.add(),
  announce_unanswered: (counters) => counters.announcesUnanswered.add(),
  tls_handshake_failed: (counters) => counters.tlsHandshakeErrors.add(),
  connection_refused: (counters, { reason }) => counters.connectionsRefused.add(reason),
  link_ended: (counters, { reason }) => counters.connectionsEnded.add(reason),
  alert_received: (counters, { outcome }) => counters.alertsReceived.add(outcome),
  ticked: (counters, { outcome }) => counters.ticks.add(outcome),
  lease_failed: (counters) => counters.leaseFailures.add(),
  job_failed: (counters) => counters.jobFailures.add(),
  notification: (counters, { receiverKind, outcome }) => counters.notifications.add(receiverKind, outcome),
  guard_tripped: (counters, { rule }) => counters.guardTrips.add(rule),
  mirror_sampled: (counters) => counters.mirrorSampled.add(),
  mirror_dropped: (counters, { reason }) => counters.mirrorDropped.add(reason),
  mirror_breaker_opened: (counters, { cause }) => counters.mirrorBreakerOpened.add(cause),
  store_failed: (counters, { operation, cause }) => counters.storeFailures.add(operation, cause),
  plan_reasserted: (counters) => counters.reassertions.add(),
  lowering_dropped: (counters) => counters.loweringsDropped.add(),
};

/** Counts a fact that needs no more than that; the others leave no trace here. */
export function countSimple(counters: Counters, fact: Fact): void {
  // The rule under a fact's own kind takes that fact; the compiler cannot follow the two through the table.
  const rule = RULES[fact.kind] as ((counters: Counters, fact: Fact) => void) | undefined;
  rule?.(counters, fact);
}
