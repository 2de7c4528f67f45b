import fc from 'fast-check';
import { announceAnswer, DEVICE, handshakeOf, receiptOf } from '../../test/support/memory-device';
import { genuinePackets } from '../../test/support/corpus';
import { OPCODE } from '../protocol/actions';
import type { Packet, PacketOf } from '../protocol/catalogue';
import { decodePacket } from '../protocol/codec';
import { fromHex } from '../protocol/hex';
import type { InnerFrame } from '../protocol/inner-frame';
import {
  sessionStep,
  type SessionEffect,
  type SessionEvent,
  type SessionSettings,
  type SessionState,
} from './session-machine';

const SETTINGS: SessionSettings = {
  handshakeTimeoutMs: 10_000,
  silenceMs: 63_000,
  announceTimeoutMs: 2_000,
  announceAttempts: 3,
};
const AWAITING: SessionState = { kind: 'awaiting_handshake', openedAt: 0 };
const ANNOUNCING: SessionState = { kind: 'announcing', deviceId: DEVICE, attempt: 1, announcedAt: 0 };
const READY: SessionState = { kind: 'ready', deviceId: DEVICE };
const ENDED: SessionState = { kind: 'ended', reason: 'silent' };
const HANDSHAKE_ANSWER: SessionEffect = { kind: 'send', packet: { kind: 'handshake_answer', result: 0 } };
const ANNOUNCE: SessionEffect = { kind: 'announce', deviceId: DEVICE };

function packetOf(hex: string): Packet {
  const packet = decodePacket(fromHex(hex) as Uint8Array);
  if (packet.kind === 'malformed') throw new Error(`malformed: ${hex}`);
  return packet;
}

function on(state: SessionState, packet: Packet): ReturnType<typeof sessionStep> {
  return sessionStep(state, { kind: 'packet', packet, at: 100 }, SETTINGS);
}

function tick(state: SessionState, at: number, lastHeardAt = at): ReturnType<typeof sessionStep> {
  return sessionStep(state, { kind: 'tick', at, lastHeardAt }, SETTINGS);
}

const HEARTBEAT = packetOf('d300000000');
const CLOCK_REQUEST = packetOf('c3000000010c');
const DATAPOINTS = packetOf('4300000007379624690102 06');
const STATUS = packetOf(
  '83000000253796246900f3007e01000000fadb1300010000050005 00db1102 01015064000000 0000 ee7e',
) as PacketOf<'status'>;
const DATA = packetOf('73000000132de4b5d20002007e21000000f9d0010000d17e') as PacketOf<'data'>;
const meshFrame = (data: Uint8Array): InnerFrame => ({
  ...(DATA.inner as InnerFrame),
  opcode: OPCODE.meshInfo,
  data,
});
const RECEIPT: Packet = receiptOf({ messageId: 7 });

describe('before the handshake', () => {
  it('asks who may be the device that says its id', () => {
    const handshake = handshakeOf();
    expect(on(AWAITING, handshake)).toEqual({
      state: AWAITING,
      effects: [{ kind: 'identify', deviceId: DEVICE, auth: handshake.auth }],
    });
  });

  it('answers the handshake first and announces itself at once when the device is admitted', () => {
    expect(sessionStep(AWAITING, { kind: 'admitted', deviceId: DEVICE, at: 70 }, SETTINGS)).toEqual({
      state: { kind: 'announcing', deviceId: DEVICE, attempt: 1, announcedAt: 70 },
      effects: [HANDSHAKE_ANSWER, ANNOUNCE],
    });
  });

  it.each([HEARTBEAT, CLOCK_REQUEST, DATAPOINTS, STATUS, DATA, RECEIPT, announceAnswer(1)])(
    'leaves $kind unanswered',
    (packet) => {
      expect(on(AWAITING, packet)).toEqual({ state: AWAITING, effects: [] });
    },
  );

  it('ends when the handshake has not come in time, however much else was heard', () => {
    const waiting: SessionState = { kind: 'awaiting_handshake', openedAt: 500 };
    expect(tick(waiting, 10_499)).toEqual({ state: waiting, effects: [] });
    expect(tick(waiting, 10_500)).toEqual({
      state: { kind: 'ended', reason: 'handshake_timeout' },
      effects: [{ kind: 'end', reason: 'handshake_timeout' }],
    });
  });
});

describe.each([ANNOUNCING, READY])('while $kind', (state) => {
  it('answers the same handshake again', () => {
    expect(on(state, handshakeOf())).toEqual({ state, effects: [HANDSHAKE_ANSWER] });
  });

  it('ends when another device speaks', () => {
    expect(on(state, handshakeOf(DEVICE + 1))).toEqual({
      state: { kind: 'ended', reason: 'identity_changed' },
      effects: [{ kind: 'end', reason: 'identity_changed' }],
    });
  });

  it('answers the heartbeat and the question for the time', () => {
    expect(on(state, HEARTBEAT).effects).toEqual([{ kind: 'send', packet: { kind: 'heartbeat_answer' } }]);
    expect(on(state, CLOCK_REQUEST).effects).toEqual([{ kind: 'send_clock' }]);
  });

  it('answers datapoints with their reference, before it looks at them', () => {
    expect(on(state, DATAPOINTS)).toEqual({
      state,
      effects: [
        { kind: 'send', packet: { kind: 'datapoints_answer', reference: 0x0102, flag: 0 } },
        { kind: 'deliver', packet: DATAPOINTS },
      ],
    });
  });

  it('answers a status with its message id, before it looks at it', () => {
    expect(on(state, STATUS)).toEqual({
      state,
      effects: [
        { kind: 'send', packet: { kind: 'status_answer', messageId: 0xf3, flag: 0 } },
        { kind: 'deliver', packet: STATUS },
      ],
    });
  });

  it('passes data on and says nothing', () => {
    expect(on(state, DATA)).toEqual({ state, effects: [{ kind: 'deliver', packet: DATA }] });
  });

  it('takes no notice of a receipt, which is for the exchange that waits for it', () => {
    expect(on(state, RECEIPT)).toEqual({ state, effects: [] });
  });

  it('tells a bridge that a page of mesh nodes has arrived', () => {
    const page: Packet = { ...DATA, inner: meshFrame(new Uint8Array(6 + 24)) };
    expect(on(state, page).effects).toEqual([
      { kind: 'acknowledge_page' },
      { kind: 'deliver', packet: page },
    ]);
    const accepted: Packet = { ...DATA, inner: meshFrame(Uint8Array.of(0)) };
    expect(on(state, accepted).effects).toEqual([{ kind: 'deliver', packet: accepted }]);
  });

  it('answers a packet that came before again, and does not deliver it again', () => {
    const event = { kind: 'packet', packet: STATUS, at: 100, duplicate: true } as const;
    expect(sessionStep(state, event, SETTINGS).effects).toEqual([
      { kind: 'send', packet: { kind: 'status_answer', messageId: STATUS.messageId, flag: 0 } },
    ]);
  });

  it.each([
    '28000000020000',
    '48000000030101 00',
    '78000000073796246900f30a',
    '8800000003000100',
    'a3000000073796246900f300',
    'a8000000083796246900f30500',
    'c80000000b0d07ea0101050000000000',
    'd800000000',
    '180000000200 00',
  ])('takes %s, which no device says, for nothing', (hex) => {
    expect(on(state, packetOf(hex))).toEqual({ state, effects: [] });
  });

  it('ends after 63 s of silence and not before', () => {
    expect(tick(state, 70_000, 7_001).effects).not.toContainEqual({ kind: 'end', reason: 'silent' });
    expect(tick(state, 70_000, 7_000)).toEqual({
      state: { kind: 'ended', reason: 'silent' },
      effects: [{ kind: 'end', reason: 'silent' }],
    });
  });
});

describe('the announce', () => {
  it('is ready when it is answered, and says so once', () => {
    const answered = on(ANNOUNCING, announceAnswer(1));
    expect(answered).toEqual({ state: READY, effects: [{ kind: 'ready', announced: true }] });
    expect(on(answered.state, announceAnswer(1))).toEqual({ state: READY, effects: [] });
  });

  it('is repeated until its attempts are spent; then the device counts as ready without it', () => {
    const seen: SessionEffect[] = [];
    let state: SessionState = ANNOUNCING;
    for (let at = 500; at <= 10_000; at += 500) {
      const step = tick(state, at);
      state = step.state;
      seen.push(...step.effects);
    }
    expect(seen).toEqual([ANNOUNCE, ANNOUNCE, { kind: 'ready', announced: false }]);
    expect(state).toEqual(READY);
  });

  it('waits its time-out anew after each attempt', () => {
    const second = tick(ANNOUNCING, 2_700);
    expect(second.state).toMatchObject({ kind: 'announcing', attempt: 2, announcedAt: 2_700 });
    expect(tick(second.state, 4_699).effects).toEqual([]);
    expect(tick(second.state, 4_700).effects).toEqual([ANNOUNCE]);
  });
});

describe('every captured packet', () => {
  const genuine = genuinePackets().map((bytes) => decodePacket(bytes) as Packet);
  const answers = (kind: string): number =>
    genuine
      .filter((packet) => packet.kind === kind)
      .filter((packet) => on(READY, packet).effects.some(({ kind: effect }) => effect.startsWith('send')))
      .length;
  const count = (kind: string): number => genuine.filter((packet) => packet.kind === kind).length;

  it.each(['heartbeat', 'clock_request', 'datapoints', 'status'])('of kind %s is answered', (kind) => {
    expect(count(kind)).toBeGreaterThan(0);
    expect(answers(kind)).toBe(count(kind));
  });
});

describe('an ended session', () => {
  const packets = fc.constantFrom(
    HEARTBEAT,
    CLOCK_REQUEST,
    DATAPOINTS,
    STATUS,
    DATA,
    RECEIPT,
    handshakeOf(),
    handshakeOf(1),
    announceAnswer(1),
  );
  const at = fc.nat(200_000);
  const events: fc.Arbitrary<SessionEvent> = fc.oneof(
    fc.record({ kind: fc.constant('packet' as const), packet: packets, at }),
    fc.record({ kind: fc.constant('admitted' as const), deviceId: fc.nat(0xffffffff), at }),
    fc.record({ kind: fc.constant('tick' as const), at, lastHeardAt: at }),
  );

  it('absorbs everything', () => {
    fc.assert(
      fc.property(events, (event) => {
        expect(sessionStep(ENDED, event, SETTINGS)).toEqual({ state: ENDED, effects: [] });
      }),
    );
  });

  it('is reached with one end effect, and ready is said at most once on the way', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (script) => {
        let state: SessionState = AWAITING;
        const seen: SessionEffect['kind'][] = [];
        for (const event of script) {
          // Who may be this device is only asked, and so only answered, before the handshake.
          if (event.kind === 'admitted' && state.kind !== 'awaiting_handshake') continue;
          const step = sessionStep(state, event, SETTINGS);
          state = step.state;
          seen.push(...step.effects.map(({ kind }) => kind));
        }
        expect(seen.filter((kind) => kind === 'end')).toHaveLength(state.kind === 'ended' ? 1 : 0);
        expect(seen.filter((kind) => kind === 'ready').length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
