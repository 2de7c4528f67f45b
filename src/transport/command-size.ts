import { REQUEST } from '../protocol/inner-frame';
import { encodePacket } from '../protocol/codec';
import { numberedFrame } from './delivery/numbered-frame';
import type { Command } from './transport';

/** What surrounds the data of a frame in its packet. */
const ENVELOPE_BYTES = encodePacket({
  kind: 'data',
  deviceId: 0,
  messageId: 0,
  flag: 0,
  inner: { sequence: 0, direction: REQUEST, opcode: 0, data: new Uint8Array(0) },
}).length;

/** Bytes of the packet that carries a command, whatever its numbers will be. Queues are bounded by it. */
export function commandBytes({ action }: Pick<Command, 'action'>): number {
  return ENVELOPE_BYTES + numberedFrame(action, 0, 0).data.length;
}
