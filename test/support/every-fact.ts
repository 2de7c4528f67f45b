import type { CommandSettledFact, Fact, PacketFact } from '../../src/kernel/facts';

const DEVICE = '37962469';

export function packetFact(over: Partial<PacketFact> = {}): PacketFact {
  return {
    kind: 'packet',
    direction: 'sent',
    transport: 'new',
    deviceId: DEVICE,
    type: 0x73,
    messageId: 7,
    raw: new Uint8Array([0x73, 0, 0, 0, 0]),
    elapsedMs: undefined,
    ...over,
  };
}

export function settledFact(over: Partial<CommandSettledFact> = {}): CommandSettledFact {
  return {
    kind: 'command_settled',
    purpose: 'command',
    commandId: 'c1',
    deviceId: DEVICE,
    transport: 'new',
    outcome: 'applied',
    attempts: 1,
    latencyMs: 120,
    waitedMs: 0,
    generation: 1,
    ...over,
  };
}

export function planFact(generation: number): Extract<Fact, { kind: 'plan_changed' }> {
  const why = { setBy: 'ana', reason: 'because', cause: 'rollback' };
  return { kind: 'plan_changed', percentage: 0, revision: 9, generation, ...why };
}

export function comparedFact(
  over: Partial<Extract<Fact, { kind: 'mirror_compared' }>> = {},
): Extract<Fact, { kind: 'mirror_compared' }> {
  return {
    kind: 'mirror_compared',
    commandId: 'c1',
    deviceId: DEVICE,
    generation: 1,
    error: undefined,
    frameAgrees: true,
    believed: 'applied',
    observed: 'applied',
    latencyMs: 120,
    retransmissions: 0,
    receiptTimeouts: 0,
    replyTimeouts: 0,
    denied: 0,
    baselineOutcome: true,
    baselineFrame: true,
    ...over,
  };
}

/** One fact of each kind there is. A new kind does not compile until it has a line here. */
export const EVERY_FACT: { readonly [Kind in Fact['kind']]: Extract<Fact, { kind: Kind }> } = {
  packet: packetFact(),
  command_settled: settledFact(),
  link_opened: { kind: 'link_opened', remote: '10.0.0.1:5000', encrypted: true },
  link_ready: { kind: 'link_ready', deviceId: DEVICE, remote: '10.0.0.1:5000', connection: 1 },
  link_ended: { kind: 'link_ended', deviceId: DEVICE, remote: '10.0.0.1:5000', reason: 'silent' },
  connection_refused: { kind: 'connection_refused', reason: 'rate' },
  handshake: { kind: 'handshake', deviceId: DEVICE, outcome: 'success' },
  device_slowed: { kind: 'device_slowed', deviceId: DEVICE, pauseMs: 500 },
  announce_unanswered: { kind: 'announce_unanswered', deviceId: DEVICE },
  tls_handshake_failed: { kind: 'tls_handshake_failed', remote: '10.0.0.1:5000', code: 'ECONNRESET' },
  bytes_discarded: { kind: 'bytes_discarded', deviceId: DEVICE, reason: 'out_of_step', count: 300 },
  decode_failed: {
    kind: 'decode_failed',
    transport: 'new',
    deviceId: DEVICE,
    type: 0x73,
    part: 'frame',
    reason: 'short',
  },
  checksum_mismatch: { kind: 'checksum_mismatch', transport: 'new', deviceId: DEVICE },
  answer: { kind: 'answer', transport: 'new', answer: 'receipt', outcome: 'matched' },
  transmission: { kind: 'transmission', transport: 'new', repeated: false },
  transmission_unanswered: { kind: 'transmission_unanswered', transport: 'new', count: 2 },
  early_repeat: { kind: 'early_repeat', transport: 'new', count: 3 },
  repeat_denied: { kind: 'repeat_denied', transport: 'new' },
  answer_timeout: { kind: 'answer_timeout', transport: 'new', awaited: 'reply' },
  drain_timeout: { kind: 'drain_timeout', transport: 'legacy', deviceId: DEVICE },
  duplicate_dropped: { kind: 'duplicate_dropped', transport: 'new', deviceId: DEVICE, type: 0x83 },
  queue_dropped: {
    kind: 'queue_dropped',
    deviceId: DEVICE,
    transport: 'new',
    reason: 'overflow',
    commandId: 'c1',
  },
  queue_degraded: {
    kind: 'queue_degraded',
    deviceId: DEVICE,
    transport: 'new',
    policy: 'reject',
    waiting: 100,
  },
  queue_policy_switched: {
    kind: 'queue_policy_switched',
    deviceId: DEVICE,
    transport: 'new',
    to: 'drop_oldest',
    reason: 'deadlock_prevention',
  },
  message_ids_wrapped: { kind: 'message_ids_wrapped' },
  routed: {
    kind: 'routed',
    commandId: 'c1',
    purpose: 'command',
    deviceId: DEVICE,
    transport: 'new',
    reason: 'in_percentage',
  },
  guard_tripped: {
    kind: 'guard_tripped',
    rule: 'run',
    sentence: 'new 5 bad of 5 in a row',
    generation: 1,
    acted: true,
  },
  guard_rollback_failed: { kind: 'guard_rollback_failed', generation: 1, message: 'the disk is full' },
  mirror_sampled: { kind: 'mirror_sampled' },
  mirror_dropped: { kind: 'mirror_dropped', reason: 'queue_full' },
  mirror_compared: comparedFact(),
  mirror_failed: { kind: 'mirror_failed', generation: 1, error: 'shadow_threw', message: 'a bug' },
  mirror_breaker_opened: { kind: 'mirror_breaker_opened', cause: 'threw' },
  mirror_breaker_closed: { kind: 'mirror_breaker_closed' },
  plan_changed: planFact(1),
  store_failed: { kind: 'store_failed', operation: 'write', message: 'the disk is full' },
  credential_forgotten: { kind: 'credential_forgotten', deviceId: DEVICE, by: 'ana', reason: 'reset' },
  credentials_unsaved: { kind: 'credentials_unsaved', message: 'the disk is full' },
  started: {
    kind: 'started',
    http: 8080,
    metrics: 9400,
    devicesPlain: undefined,
    devicesTls: 23_779,
    access: 'tokens',
  },
  alert_received: { kind: 'alert_received', outcome: 'rollback' },
  watchdog_silent: { kind: 'watchdog_silent', since: null },
  watchdog_back: { kind: 'watchdog_back' },
  rollback_muted: { kind: 'rollback_muted', by: ['a silence'] },
  alertmanager_unread: { kind: 'alertmanager_unread', message: 'ECONNREFUSED' },
  draining: { kind: 'draining', inFlight: 1, waiting: 2 },
  ticked: { kind: 'ticked', outcome: 'unchanged', message: '' },
  leadership_changed: { kind: 'leadership_changed', held: true, token: 7, holder: 'a' },
  lease_failed: { kind: 'lease_failed', message: 'the store does not answer' },
  noticeboard_failed: { kind: 'noticeboard_failed', board: 'replicas', message: 'the store does not answer' },
  revision_skew: { kind: 'revision_skew', skewed: true, replicas: ['a: 1.4', 'b: 1.5'] },
  notification: {
    kind: 'notification',
    receiver: 'on call',
    receiverKind: 'slack',
    outcome: 'sent',
    attempts: 1,
    message: '',
  },
  notification_unclaimed: { kind: 'notification_unclaimed', message: 'the store does not answer' },
  job_failed: { kind: 'job_failed', job: 'tick', message: 'a bug' },
  letting_go: { kind: 'letting_go', devices: 200, overMs: 5_000 },
  tokens_reloaded: { kind: 'tokens_reloaded', count: 2 },
  tokens_refused: { kind: 'tokens_refused', message: 'not YAML' },
  request_refused: {
    kind: 'request_refused',
    status: 400,
    code: 'input.invalid',
    method: 'PUT',
    path: '/v1',
  },
  request_failed: { kind: 'request_failed', method: 'GET', path: '/v1', error: new Error('a bug') },
};
