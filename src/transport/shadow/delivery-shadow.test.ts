import { DEVICE, DEVICE_ID } from '../../../test/support/memory-device';
import { RELIABLE_SETTINGS } from '../../../test/support/transport-bench';
import { encodePacket } from '../../protocol/codec';
import { REPLY } from '../../protocol/inner-frame';
import { numberedFrame } from '../delivery/numbered-frame';
import type { Recording, ShadowReport } from '../shadowing';
import { DeliveryShadow } from './delivery-shadow';

const SEQUENCE = 0x0101;
const POWER = { command: 'power', on: true } as const;

/** What legacy writes. */
function legacyBytes(action: Recording['action'] = POWER, node = 5): Uint8Array {
  const inner = numberedFrame(action, node, SEQUENCE);
  return encodePacket({ kind: 'data', deviceId: DEVICE, messageId: 0, flag: 0, inner });
}

const receiptBytes = (messageId = 0): Uint8Array =>
  encodePacket({ kind: 'receipt', deviceId: DEVICE, messageId, flag: 0 });

function replyBytes({ status = 0, sequence = SEQUENCE, opcode = 0xd0 } = {}): Uint8Array {
  const inner = { sequence, opcode, direction: REPLY, data: Uint8Array.of(status) };
  return encodePacket({ kind: 'data', deviceId: DEVICE, messageId: 9, flag: 0, inner });
}

function recording(over: Partial<Recording> = {}): Recording {
  return {
    commandId: 'c1',
    deviceId: DEVICE_ID,
    connection: 1,
    action: POWER,
    node: 5,
    generation: 1,
    startedAt: 1_000,
    deadlineAt: 6_000,
    written: [{ at: 1_000, bytes: legacyBytes() }],
    heard: [
      { at: 1_050, bytes: receiptBytes() },
      { at: 1_200, bytes: replyBytes() },
    ],
    lostAt: undefined,
    outcome: 'applied',
    ...over,
  };
}

const shadow = (): DeliveryShadow =>
  new DeliveryShadow({ settings: RELIABLE_SETTINGS, random: { next: () => 0 }, rememberedPaces: 10 });
const examine = (over?: Partial<Recording>): ShadowReport => shadow().examine(recording(over));

/** Of a type, the members that can be called, at any depth. Bytes are data, though they have methods. */
type Callable<T> = T extends Uint8Array
  ? never
  : T extends (...args: never[]) => unknown
    ? T
    : T extends readonly (infer Item)[]
      ? Callable<Item>
      : T extends object
        ? { [Key in keyof T]: Callable<T[Key]> }[keyof T]
        : never;
/** Does not compile when a recording holds anything that can be called: then a writer might be reached from it. */
const NOTHING_TO_CALL: [Callable<Recording>] extends [never] ? true : false = true;

describe('what a shadow is given', () => {
  it('holds nothing that could be called', () => {
    expect(NOTHING_TO_CALL).toBe(true);
    expect(() => structuredClone(recording())).not.toThrow();
  });
});

describe('the shadow of a delivery', () => {
  it('agrees with a command that legacy delivered as it should', () => {
    expect(examine()).toMatchObject({
      outcome: 'applied',
      latencyMs: 200,
      retransmissions: 0,
      agrees: { outcome: true, frame: true, layout: true },
      baseline: { outcome: true, frame: true },
    });
  });

  it('takes the receipt for message id 0 and the reply to the sequence for answers to its own request', () => {
    const strangers = [
      { at: 1_010, bytes: receiptBytes(77) },
      { at: 1_020, bytes: replyBytes({ sequence: 0x0303 }) },
      { at: 1_030, bytes: replyBytes({ opcode: 0xf0 }) },
    ];
    expect(examine({ heard: strangers, outcome: 'timeout' })).toMatchObject({
      outcome: 'timeout',
      agrees: { outcome: true },
    });
  });

  it('calls accepted what legacy must call a time-out, and counts that as agreement', () => {
    const heard = [{ at: 1_050, bytes: receiptBytes() }];
    expect(examine({ heard, outcome: 'timeout' })).toMatchObject({
      outcome: 'accepted',
      agrees: { outcome: true },
      baseline: { outcome: true },
    });
  });

  it('differs in the outcome when it would have given up before the reply came', () => {
    const late = [{ at: 20_000, bytes: replyBytes() }];
    expect(examine({ heard: late, deadlineAt: 61_000 })).toMatchObject({
      outcome: 'timeout',
      agrees: { outcome: false },
      baseline: { outcome: true },
    });
  });

  it('differs in the frame when legacy asked for something else', () => {
    const written = [{ at: 1_000, bytes: legacyBytes({ command: 'power', on: false }) }];
    expect(examine({ written })).toMatchObject({
      agrees: { outcome: true, frame: false, layout: true },
      baseline: { outcome: true, frame: false },
    });
  });

  it('differs in the frame when legacy asked another node', () => {
    expect(examine({ written: [{ at: 1_000, bytes: legacyBytes(POWER, 6) }] }).agrees.frame).toBe(false);
  });

  it('does not mind the numbers nor the checksum that follows from them', () => {
    const other = new Uint8Array(legacyBytes());
    for (const at of [9, 10, 13, 14, 21, 22, other.length - 2]) other[at] = (other[at] ?? 0) ^ 0x11;
    expect(examine({ written: [{ at: 1_000, bytes: other }] }).agrees.frame).toBe(true);
  });

  it('shows a wrong checksum and a second write in the baseline', () => {
    const wrong = new Uint8Array(legacyBytes());
    wrong[wrong.length - 2] = (wrong[wrong.length - 2] ?? 0) ^ 1;
    expect(examine({ written: [{ at: 1_000, bytes: wrong }] }).baseline.frame).toBe(false);
    const twice = [1_000, 1_500].map((at) => ({ at, bytes: legacyBytes() }));
    expect(examine({ written: twice }).baseline.frame).toBe(false);
  });

  it('reports bytes that are no packet as a difference, and does not throw', () => {
    const written = [{ at: 1_000, bytes: Uint8Array.of(1, 2, 3) }];
    expect(examine({ written }).agrees).toMatchObject({ outcome: false, frame: false });
    expect(examine({ written: [] }).agrees.frame).toBe(false);
    expect(examine({ heard: [{ at: 1_010, bytes: Uint8Array.of(0x7b) }] }).outcome).toBe('timeout');
  });

  it('learns the pace of each connection by itself', () => {
    const one = shadow();
    const slow = [
      { at: 2_000, bytes: receiptBytes() },
      { at: 2_100, bytes: replyBytes() },
    ];
    for (let command = 0; command < 3; command += 1) one.examine(recording({ heard: slow }));
    const late = { heard: slow.map(({ at, bytes }) => ({ at: at + 400, bytes })) };
    expect(one.examine(recording(late)).retransmissions).toBe(0);
    expect(one.examine(recording({ ...late, connection: 2 })).retransmissions).toBe(1);
  });
});
