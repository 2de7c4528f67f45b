import { decodePacket } from '../../protocol/codec';
import { REPLY } from '../../protocol/inner-frame';
import type { Passage, Recording } from '../shadowing';
import { frameIn, type WrittenCommand } from './frame-check';
import type { Cue } from './rehearsal';

/** A reply without a status byte cannot say "ok". */
const NO_STATUS = 0xff;

/**
 * What the device answered to legacy's numbers, as it would have answered the shadow's: its one request is the one that
 * legacy's message id and sequence stand for. Everything else that was heard belongs to somebody else.
 */
export function cuesOf({ heard, lostAt }: Recording, legacy: WrittenCommand | undefined): readonly Cue[] {
  const answers = legacy ? heard.flatMap((passage) => cueOf(passage, legacy) ?? []) : [];
  return lostAt === undefined ? answers : [...answers, { kind: 'lost', at: lostAt }];
}

function cueOf({ at, bytes }: Passage, legacy: WrittenCommand): Cue | undefined {
  const packet = decodePacket(bytes);
  if (packet.kind === 'receipt')
    return packet.messageId === legacy.messageId ? { kind: 'receipt', at } : undefined;
  const inner = packet.kind === 'data' ? frameIn(packet) : undefined;
  if (inner?.direction !== REPLY) return undefined;
  if (inner.sequence !== legacy.sequence || inner.opcode !== legacy.opcode) return undefined;
  return { kind: 'reply', at, status: inner.data[0] ?? NO_STATUS };
}
