import { encodePacket } from '../protocol/codec';
import { numberedFrame } from './delivery/numbered-frame';
import type { Command } from './transport';

/** Bytes of the packet that carries a command, whatever its numbers will be. Queues are bounded by it. */
export function commandBytes({ action }: Pick<Command, 'action'>): number {
  const inner = numberedFrame(action, 0, 0);
  return encodePacket({ kind: 'data', deviceId: 0, messageId: 0, flag: 0, inner }).length;
}
