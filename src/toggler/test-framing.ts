import { randomInteger, type Random } from '../kernel/random';
import { toHex } from '../protocol/hex';
import { Settlement, type DialogueParts, type Framing } from './dialogue';
import { encodeTestFrame } from './test-frame';
import type { AttemptOutcome } from './toggle-fact';

const ID_DIGITS = 16;
const MAX_DIGIT = 15;

/** Sends one test frame; whatever comes back is success (protocol 6.1). */
export const testFraming: Framing = { newMessageId, converse };

function newMessageId(random: Random): string {
  const digit = (): string => randomInteger(random, 0, MAX_DIGIT).toString(16);
  return Array.from({ length: ID_DIGITS }, digit).join('');
}

function converse(parts: DialogueParts): Promise<AttemptOutcome> {
  const { wish, messageId, duplex, clock, observe } = parts;
  const settlement = new Settlement(parts);
  const request = { opcode: 'toggle', device_id: wish.deviceId, msg_id: messageId, state: wish.on } as const;
  const frame = encodeTestFrame(request);
  const sentAt = clock.now();
  const tell = (direction: 'send' | 'recv', bytes: Uint8Array): void =>
    observe({
      kind: 'packet',
      direction,
      outcome: 'success',
      messageId,
      hex: toHex(bytes),
      elapsedMs: clock.now() - sentAt,
      isAnswer: direction === 'recv',
    });
  duplex.attach({
    data: (bytes) => {
      if (settlement.isOver) return;
      tell('recv', bytes);
      settlement.settle({ kind: 'applied' });
    },
    drained: () => {},
    closed: () => settlement.nothing('the connection was closed before an answer came'),
  });
  if (settlement.isOver) return settlement.outcome;
  duplex.write(frame);
  tell('send', frame);
  settlement.await('an answer');
  return settlement.outcome;
}
