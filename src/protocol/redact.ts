import { HEADER_SIZE } from './catalogue';
import { decodePacket } from './codec';
import { toHex } from './hex';

/** Where the secret stands in the packets that carry one (protocol, trap 26). */
const SECRET_AT: Readonly<Record<number, number>> = { 0x13: HEADER_SIZE + 7, 0x23: HEADER_SIZE + 7 };

/** A packet in hex for logs, with the login secret of 0x13 and 0x23 replaced by `**`. */
export function redactedHex(packet: Uint8Array): string {
  const hex = toHex(packet);
  const from = SECRET_AT[packet[0] ?? 0];
  if (from === undefined || packet.length <= from) return hex;
  const decoded = decodePacket(packet);
  // A packet that does not fit its row hides all the rest: better too much hidden than a part of a secret shown.
  const to = 'auth' in decoded ? from + decoded.auth.expose().length : packet.length;
  return hex.slice(0, from * 2) + '**'.repeat(to - from) + hex.slice(to * 2);
}
