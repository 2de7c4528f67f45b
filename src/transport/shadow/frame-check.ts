import { decodePacket } from '../../protocol/codec';
import type { InnerFrame } from '../../protocol/inner-frame';
import type { PacketOf } from '../../protocol/catalogue';

/** From the start of the packet: [from, to) of what two transmissions of one command may differ in (protocol 2.6, 2.7). */
const MESSAGE_ID = [9, 11] as const;
const SEQUENCE = [13, 17] as const;
const MESH_SEQUENCE = [21, 24] as const;
/** The last byte but one. */
const CHECKSUM_FROM_END = 2;

/** A written command: the numbers by which its answers are known. */
export interface WrittenCommand {
  readonly deviceId: number;
  readonly messageId: number;
  readonly sequence: number;
  readonly opcode: number;
}

/** Whether two packets ask for the same, numbers and checksum apart. */
export function asksTheSame(one: Uint8Array, other: Uint8Array): boolean {
  return equalBytes(masked(one), masked(other));
}

export function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** The numbers of a written command, or undefined when the bytes are none. */
export function readCommand(bytes: Uint8Array): WrittenCommand | undefined {
  const packet = decodePacket(bytes);
  const inner = packet.kind === 'data' ? frameIn(packet) : undefined;
  if (packet.kind !== 'data' || !inner) return undefined;
  const { deviceId, messageId } = packet;
  return { deviceId, messageId, sequence: inner.sequence, opcode: inner.opcode };
}

export function frameIn({ inner }: PacketOf<'data'>): InnerFrame | undefined {
  return inner.kind === 'frame' ? inner : undefined;
}

function masked(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (const [from, to] of [MESSAGE_ID, SEQUENCE, MESH_SEQUENCE]) copy.fill(0, from, to);
  copy[copy.length - CHECKSUM_FROM_END] = 0;
  return copy;
}
