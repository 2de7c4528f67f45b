import { messageOf } from '../kernel/errors';
import type { Fact, PacketFact } from '../kernel/facts';

/** error: somebody must act. warn: degraded, heals by itself. info: life cycle and decisions. debug: every message. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

const LEVELS: Readonly<Record<Fact['kind'], LogLevel>> = {
  packet: 'debug',
  command_settled: 'debug',
  link_opened: 'debug',
  connection_refused: 'debug',
  link_ready: 'info',
  link_ended: 'info',
  handshake: 'debug',
  device_slowed: 'debug',
  announce_unanswered: 'warn',
  tls_handshake_failed: 'debug',
  bytes_discarded: 'debug',
  decode_failed: 'debug',
  checksum_mismatch: 'debug',
  answer: 'debug',
  transmission: 'debug',
  transmission_unanswered: 'debug',
  early_repeat: 'debug',
  repeat_denied: 'debug',
  answer_timeout: 'debug',
  drain_timeout: 'debug',
  duplicate_dropped: 'debug',
  message_ids_wrapped: 'debug',
  queue_dropped: 'debug',
  queue_degraded: 'error',
  queue_policy_switched: 'warn',
  routed: 'debug',
  plan_changed: 'info',
  store_failed: 'error',
  store_reached: 'info',
  store_refused: 'error',
  store_warning: 'warn',
  plan_reasserted: 'error',
  lowering_dropped: 'warn',
  listener_failed: 'error',
  pending_unsaved: 'error',
  credential_forgotten: 'info',
  credentials_unsaved: 'error',
  started: 'info',
  draining: 'info',
  alert_received: 'debug',
  watchdog_silent: 'error',
  watchdog_back: 'info',
  rollback_muted: 'warn',
  alertmanager_unread: 'warn',
  ticked: 'debug',
  leadership_changed: 'info',
  lease_failed: 'warn',
  ladder_warning: 'warn',
  verdict_changed: 'info',
  evaluator_blind: 'error',
  witnesses_disagree: 'error',
  prometheus_clock_skew: 'warn',
  slo_history_refused: 'warn',
  slo_history_unsaved: 'error',
  self_test_failed: 'error',
  noticeboard_failed: 'warn',
  revision_skew: 'warn',
  notification: 'debug',
  notification_unclaimed: 'warn',
  job_failed: 'error',
  letting_go: 'info',
  guard_tripped: 'error',
  guard_rollback_failed: 'error',
  mirror_sampled: 'debug',
  mirror_dropped: 'debug',
  mirror_compared: 'debug',
  mirror_failed: 'debug',
  mirror_breaker_opened: 'warn',
  mirror_breaker_closed: 'info',
  tokens_reloaded: 'info',
  tokens_refused: 'error',
  request_refused: 'debug',
  request_failed: 'error',
};

/** Facts that others report better: the packet line already says it. */
const SILENT: ReadonlySet<Fact['kind']> = new Set<Fact['kind']>(['answer', 'transmission']);

/** The level of a fact's line; known before the line is made, so that what nobody reads costs nothing. */
export function levelOf(fact: Fact): LogLevel | undefined {
  if (SILENT.has(fact.kind)) return undefined;
  // Somebody shows a wrong secret, or two devices claim one id: worth a look, and rare enough to be logged.
  if (fact.kind === 'handshake' && fact.outcome === 'refused') return 'warn';
  if (fact.kind === 'ticked' && fact.message !== '') return 'warn';
  if (fact.kind === 'notification' && fact.outcome !== 'sent') return 'warn';
  return LEVELS[fact.kind];
}

/** `packetHex` writes a packet without the secrets that it may hold. */
export function fieldsOf(
  fact: Fact,
  packetHex: (raw: Uint8Array) => string,
): Readonly<Record<string, unknown>> {
  if (fact.kind === 'packet') return packetFields(fact, packetHex(fact.raw));
  const { kind: event, ...rest } = fact;
  return {
    event,
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [snakeCase(name), printable(value)])),
  };
}

function packetFields(fact: PacketFact, hex: string): Readonly<Record<string, unknown>> {
  return {
    event: 'tcp_packet',
    direction: fact.direction,
    msg_id: fact.messageId,
    device_id: fact.deviceId,
    transport: fact.transport,
    raw_packet_hex: hex,
    elapsed_ms: fact.elapsedMs,
    outcome: 'success',
  };
}

function printable(value: unknown): unknown {
  return value instanceof Error ? (value.stack ?? messageOf(value)) : value;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
