import type { LinkEndReason } from '../kernel/facts';
import type { Secret } from '../kernel/secret';
import { OPCODE } from '../protocol/actions';
import type { Packet, PacketInit, PacketOf } from '../protocol/catalogue';
import { REPLY } from '../protocol/inner-frame';
import { decodeMeshPage } from '../protocol/mesh-info';

/** Where a connection stands. Instants are the clock's milliseconds. */
export type SessionState =
  | { readonly kind: 'awaiting_handshake'; readonly openedAt: number }
  | {
      readonly kind: 'announcing';
      readonly deviceId: number;
      readonly attempt: number;
      readonly announcedAt: number;
    }
  | { readonly kind: 'ready'; readonly deviceId: number }
  | { readonly kind: 'ended'; readonly reason: LinkEndReason };

export type SessionEvent =
  /** `duplicate`: the same packet came before; it is answered again and not delivered again. */
  | { readonly kind: 'packet'; readonly packet: Packet; readonly at: number; readonly duplicate?: boolean }
  | { readonly kind: 'admitted'; readonly deviceId: number; readonly at: number }
  | { readonly kind: 'tick'; readonly at: number; readonly lastHeardAt: number };

export type SessionEffect =
  | { readonly kind: 'send'; readonly packet: PacketInit }
  /** Ask who may be this device; the answer comes back as `admitted`, or the session is ended. */
  | { readonly kind: 'identify'; readonly deviceId: number; readonly auth: Secret }
  | { readonly kind: 'announce'; readonly deviceId: number }
  | { readonly kind: 'send_clock' }
  /** Tell the bridge that a page of mesh nodes has arrived. */
  | { readonly kind: 'acknowledge_page' }
  /** Commands may flow. `announced` is false when the device never answered the announce. */
  | { readonly kind: 'ready'; readonly announced: boolean }
  | { readonly kind: 'deliver'; readonly packet: PacketOf<'data' | 'status' | 'datapoints'> }
  | { readonly kind: 'end'; readonly reason: LinkEndReason };

export interface SessionSettings {
  /** A connection that has not sent its 0x23 by then is closed. */
  readonly handshakeTimeoutMs: number;
  /** A device from which nothing was heard for this long is dead: three missed heartbeats of 21 s. */
  readonly silenceMs: number;
  /** How long an announce waits for its 0xAB, and how often it is sent. */
  readonly announceTimeoutMs: number;
  readonly announceAttempts: number;
}

export interface SessionStep {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

const NOTHING: readonly never[] = [];

/**
 * The controller's side of a device connection (protocol 4.2): 0x23 → 0x28, then 0xA3 → 0xAB, after which commands
 * are accepted; everything a device asks is answered at once. Pure.
 */
export function sessionStep(
  state: SessionState,
  event: SessionEvent,
  settings: SessionSettings,
): SessionStep {
  if (state.kind === 'ended') return { state, effects: NOTHING };
  switch (event.kind) {
    case 'packet':
      return state.kind === 'awaiting_handshake'
        ? beforeHandshake(state, event.packet)
        : identified(state, event);
    case 'admitted':
      return admitted(event.deviceId, event.at);
    case 'tick':
      return tick(state, event, settings);
  }
}

function beforeHandshake(state: SessionState, packet: Packet): SessionStep {
  // Nothing else is answered before the device has said who it is; the handshake time-out ends such a connection.
  if (packet.kind !== 'handshake') return { state, effects: NOTHING };
  return { state, effects: [{ kind: 'identify', deviceId: packet.deviceId, auth: packet.auth }] };
}

const HANDSHAKE_ACCEPTED: SessionEffect = { kind: 'send', packet: { kind: 'handshake_answer', result: 0 } };

function admitted(deviceId: number, at: number): SessionStep {
  return {
    state: { kind: 'announcing', deviceId, attempt: 1, announcedAt: at },
    effects: [HANDSHAKE_ACCEPTED, { kind: 'announce', deviceId }],
  };
}

type Identified = Extract<SessionState, { kind: 'announcing' | 'ready' }>;

function identified(state: Identified, event: { packet: Packet; duplicate?: boolean }): SessionStep {
  const { packet } = event;
  switch (packet.kind) {
    case 'handshake':
      return packet.deviceId === state.deviceId
        ? { state, effects: [HANDSHAKE_ACCEPTED] }
        : ended('identity_changed');
    case 'announce_answer':
      return state.kind === 'announcing' ? becomeReady(state.deviceId, true) : { state, effects: NOTHING };
    case 'clock_request':
      return { state, effects: [{ kind: 'send_clock' }] };
    case 'heartbeat':
      return { state, effects: [send({ kind: 'heartbeat_answer' })] };
    case 'datapoints': {
      const answer = send({ kind: 'datapoints_answer', reference: packet.reference, flag: 0 });
      return { state, effects: [answer, { kind: 'deliver', packet }] };
    }
    case 'status': {
      const answer = send({ kind: 'status_answer', messageId: packet.messageId, flag: 0 });
      return { state, effects: event.duplicate ? [answer] : [answer, deliver(packet)] };
    }
    case 'data':
      return {
        state,
        effects: [...acknowledged(packet), ...(event.duplicate ? NOTHING : [deliver(packet)])],
      };
    default:
      // The rest is what controllers and apps send, and receipts, which concern exchanges and not the session.
      return { state, effects: NOTHING };
  }
}

type Delivered = PacketOf<'data' | 'status' | 'datapoints'>;

function deliver(packet: Delivered): SessionEffect {
  return { kind: 'deliver', packet };
}

function send(packet: PacketInit): SessionEffect {
  return { kind: 'send', packet };
}

/** A bridge waits for word that a page arrived before it sends the next one (protocol 2.10). */
function acknowledged({ inner }: PacketOf<'data'>): readonly SessionEffect[] {
  const isPage =
    inner.kind === 'frame' &&
    inner.direction === REPLY &&
    inner.opcode === OPCODE.meshInfo &&
    decodeMeshPage(inner.data) !== undefined;
  return isPage ? [{ kind: 'acknowledge_page' }] : NOTHING;
}

function becomeReady(deviceId: number, announced: boolean): SessionStep {
  return { state: { kind: 'ready', deviceId }, effects: [{ kind: 'ready', announced }] };
}

function tick(
  state: Exclude<SessionState, { kind: 'ended' }>,
  event: { at: number; lastHeardAt: number },
  settings: SessionSettings,
): SessionStep {
  if (state.kind === 'awaiting_handshake') {
    return event.at - state.openedAt >= settings.handshakeTimeoutMs
      ? ended('handshake_timeout')
      : { state, effects: NOTHING };
  }
  if (event.at - event.lastHeardAt >= settings.silenceMs) return ended('silent');
  if (state.kind === 'ready' || event.at - state.announcedAt < settings.announceTimeoutMs)
    return { state, effects: NOTHING };
  // A device that ignores the announce may still take commands; refusing it would only make it redial for ever.
  if (state.attempt >= settings.announceAttempts) return becomeReady(state.deviceId, false);
  return {
    state: { ...state, attempt: state.attempt + 1, announcedAt: event.at },
    effects: [{ kind: 'announce', deviceId: state.deviceId }],
  };
}

function ended(reason: LinkEndReason): SessionStep {
  return { state: { kind: 'ended', reason }, effects: [{ kind: 'end', reason }] };
}
