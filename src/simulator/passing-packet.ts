import type { TransportName } from '../kernel/words';
import type { PacketInit, PacketName } from '../protocol/catalogue';
import { decodePacket } from '../protocol/codec';

/** What chaos needs to know of a packet that passes. */
export interface PassingPacket {
  readonly name: PacketName | 'malformed';
  /** Whose command it is, or whose command it answers; undefined for all that belongs to neither transport. */
  readonly concerns: TransportName | undefined;
  readonly answers: 'receipt' | 'reply' | undefined;
}

/** The transport that wrote a command, as the device can tell: message id 0 is legacy's (protocol 7). */
export function writerOf(messageId: number): TransportName {
  return messageId === 0 ? 'legacy' : 'new';
}

/** A packet on its way to the device. */
export function receivedPacket(bytes: Uint8Array): PassingPacket {
  const packet = decodePacket(bytes);
  const concerns = packet.kind === 'data' ? writerOf(packet.messageId) : undefined;
  return { name: packet.kind, concerns, answers: undefined };
}

/** A packet of the device; `cause` is the message id of the command that it answers, if it answers one. */
export function sentPacket({ kind }: PacketInit, cause: number | undefined): PassingPacket {
  if (cause === undefined) return { name: kind, concerns: undefined, answers: undefined };
  return { name: kind, concerns: writerOf(cause), answers: kind === 'receipt' ? 'receipt' : 'reply' };
}
