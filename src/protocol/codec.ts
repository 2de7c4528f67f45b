import { HEADER_SIZE, rowOfName, rowOfType, type Packet, type PacketInit } from './catalogue';
import { Reader, ShortRead, u32beAt, Writer } from './cursor';

/** A packet whose header delimits it but whose body does not fit its row. A value, not an exception. */
export interface MalformedPacket {
  readonly kind: 'malformed';
  readonly type: number;
  readonly reason: 'too_short' | 'unknown_type' | 'length_mismatch' | 'body_too_short' | 'body_too_long';
}

export type Decoded = Packet | MalformedPacket;

/**
 * Decodes one whole packet, header included, as the framer delimits it. Byte ranges in the result are views of
 * `bytes`. Never throws, whatever the bytes are.
 */
export function decodePacket(bytes: Uint8Array): Decoded {
  const type = bytes[0] ?? 0;
  if (bytes.length < HEADER_SIZE) return { kind: 'malformed', type, reason: 'too_short' };
  const row = rowOfType(type);
  if (!row) return { kind: 'malformed', type, reason: 'unknown_type' };
  if (u32beAt(bytes, 1) !== bytes.length - HEADER_SIZE)
    return { kind: 'malformed', type, reason: 'length_mismatch' };
  const reader = new Reader(bytes, HEADER_SIZE);
  try {
    const packet: Record<string, unknown> = { kind: row.name };
    for (const name in row.body) packet[name] = row.body[name]?.read(reader);
    if (reader.left > 0) return { kind: 'malformed', type, reason: 'body_too_long' };
    return packet as unknown as Packet;
  } catch (error) {
    if (error instanceof ShortRead) return { kind: 'malformed', type, reason: 'body_too_short' };
    throw error;
  }
}

/**
 * The bytes of one packet, header included. A decoded packet encodes to the bytes it came from, unless a frame in it
 * was escaped in another way than this encoder would escape it.
 */
export function encodePacket(packet: PacketInit): Uint8Array {
  const row = rowOfName(packet.kind);
  const values = packet as unknown as Readonly<Record<string, never>>;
  const writer = new Writer();
  writer.u8(row.type);
  writer.u32be(0);
  for (const name in row.body) row.body[name]?.write(writer, values[name] as never);
  writer.setU32be(1, writer.size - HEADER_SIZE);
  return writer.finish();
}
