import { HEADER_SIZE } from './catalogue';
import { toHex } from './hex';

/** Where the secret's 16-bit length stands in the packets that carry one (protocol, trap 26). */
const SECRET_LENGTH_AT: Readonly<Record<number, number>> = { 0x13: HEADER_SIZE + 5, 0x23: HEADER_SIZE + 5 };

/** A packet in hex for logs, with the login secret of 0x13 and 0x23 replaced by `**`. */
export function redactedHex(packet: Uint8Array): string {
  const hex = toHex(packet);
  const lengthAt = SECRET_LENGTH_AT[packet[0] ?? 0];
  if (lengthAt === undefined) return hex;
  const from = lengthAt + 2;
  const length = ((packet[lengthAt] ?? 0) << 8) | (packet[lengthAt + 1] ?? 0);
  // A length that does not fit hides all the rest: better too much hidden than a part of a secret shown.
  const to = from + length <= packet.length ? from + length : packet.length;
  return hex.slice(0, from * 2) + '**'.repeat(Math.max(to - from, 0)) + hex.slice(to * 2);
}
