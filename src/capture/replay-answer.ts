import type { Packet, PacketInit } from '../protocol/catalogue';
import { REQUEST, type InnerFrame } from '../protocol/inner-frame';
import { MESH_OP } from '../protocol/mesh-pdu';
import { toHex } from '../protocol/hex';

/** Opcodes whose data begins with the mesh sequence, which differs from one sending to the next. */
const MESH_SEQUENCE_BYTES = 3;
const SEQUENCED_OPCODES: ReadonlySet<number> = new Set([
  MESH_OP.power,
  MESH_OP.brightness,
  MESH_OP.color,
  MESH_OP.combined,
  0x8e,
]);

/** What two requests have in common when they ask the same: everything but their numbers. */
export function askedFor(packet: Packet): string {
  if (packet.kind !== 'data') return packet.kind;
  if (packet.inner.kind === 'malformed') return 'malformed';
  const { direction, opcode } = packet.inner;
  return direction === REQUEST ? `data ${opcode} ${toHex(wishOf(packet.inner))}` : 'data';
}

function wishOf({ opcode, data }: InnerFrame): Uint8Array {
  return SEQUENCED_OPCODES.has(opcode) ? data.subarray(MESH_SEQUENCE_BYTES) : data;
}

/** Whether a packet is a command to a device. */
export function isCommand(packet: Packet | { readonly kind: 'malformed' }): boolean {
  return packet.kind === 'data' && packet.inner.kind === 'frame' && packet.inner.direction === REQUEST;
}

/** A captured answer with the numbers of the request that it answers now. */
export function answerTo(request: Packet, captured: Packet): PacketInit {
  switch (captured.kind) {
    case 'receipt':
    case 'relay_result':
    case 'announce_answer':
    case 'announce_result':
      return { ...captured, ...numbersOf(request) };
    case 'status_answer':
      return { ...captured, messageId: numbersOf(request).messageId ?? captured.messageId };
    case 'data':
      return request.kind === 'data' ? replyTo(request, captured) : captured;
    default:
      return captured;
  }
}

function numbersOf(request: Packet): { readonly deviceId?: number; readonly messageId?: number } {
  if (!('messageId' in request && 'deviceId' in request)) return {};
  const { deviceId, messageId } = request;
  return { deviceId, messageId };
}

function replyTo(request: Extract<Packet, { kind: 'data' }>, captured: Extract<Packet, { kind: 'data' }>) {
  const { deviceId, inner: asked } = request;
  if (asked.kind === 'malformed' || captured.inner.kind === 'malformed') return captured;
  return { ...captured, deviceId, inner: { ...captured.inner, sequence: asked.sequence } };
}
