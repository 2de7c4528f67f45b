import fc from 'fast-check';
import type { Action } from '../../protocol/actions';
import { encodePacket } from '../../protocol/codec';
import { toHex } from '../../protocol/hex';
import { LIGHT_SHOW_NAMES } from '../../protocol/light-shows';
import { numberedFrame } from '../delivery/numbered-frame';
import { layOut } from './legacy-layout';

const DEVICE = 0x37962469;
const MESSAGE = 0x1537;

/** Packets whose inner bytes and checksum were captured (protocol 2.7): name, action, node, sequence, bytes. */
const CAPTURED: readonly (readonly [string, Action, number, number, string])[] = [
  [
    'power on',
    { command: 'power', on: true },
    5,
    0x21,
    '1f ~ 21000000 f8 d0 0d00 210000 0000 0500 d0 1102 010000 e7 7e',
  ],
  [
    'power off',
    { command: 'power', on: false },
    5,
    0x22,
    '1f ~ 22000000 f8 d0 0d00 220000 0000 0500 d0 1102 000000 e7 7e',
  ],
  [
    'brightness',
    { command: 'brightness', level: 39 },
    7,
    0x17,
    '22 ~ 17000000 f8 f0 1000 170000 0000 0700 f0 1102 0127ffffffff 45 7e',
  ],
  [
    'temperature',
    { command: 'temperature', level: 72 },
    7,
    0x36,
    '22 ~ 36000000 f8 f0 1000 360000 0000 0700 f0 1102 01ff48000000 88 7e',
  ],
  [
    'colour',
    { command: 'color', r: 0, g: 0xfb, b: 0xff },
    7,
    0x2b,
    '22 ~ 2b000000 f8 f0 1000 2b0000 0000 0700 f0 1102 01fffe00fbff 2d 7e',
  ],
  [
    'rainbow',
    { command: 'show', name: 'rainbow' },
    10,
    0x07,
    '20 ~ 07000000 f8 e2 0e00 070000 0000 0a00 e2 1102 0701027a 7a 7e',
  ],
  [
    'mode traditional',
    { command: 'mode', mode: 'traditional' },
    160,
    0x13d,
    '1e ~ 3d010000 f8 8e 0c00 3e0100 0000 a000 f7 1102 0101 85 7e',
  ],
  [
    'mode smart',
    { command: 'mode', mode: 'smart' },
    160,
    0x130,
    '1e ~ 30010000 f8 8e 0c00 310100 0000 a000 f7 1102 0102 79 7e',
  ],
];

/** The vectors leave out what they share: the type and the length before, device and message id in the middle. */
function whole(vector: string): string {
  return `73000000${vector.replace('~', '37962469 1537 00 7e')}`.replaceAll(' ', '');
}

const actions: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ command: fc.constant('power' as const), on: fc.boolean() }),
  fc.record({ command: fc.constantFrom('brightness' as const, 'temperature' as const), level: fc.nat(100) }),
  fc.record({ command: fc.constant('color' as const), r: fc.nat(255), g: fc.nat(255), b: fc.nat(255) }),
  fc.record({ command: fc.constant('show' as const), name: fc.constantFrom(...LIGHT_SHOW_NAMES) }),
  fc.record({
    command: fc.constant('mode' as const),
    mode: fc.constantFrom('traditional' as const, 'smart' as const),
  }),
);

describe('the second layout of a command', () => {
  it.each(CAPTURED)('lays out "%s" as it was captured', (_name, action, node, sequence, hex) => {
    const bytes = layOut(action, { deviceId: DEVICE, messageId: MESSAGE, sequence, node });
    expect(toHex(bytes)).toBe(whole(hex));
  });

  it('comes to the same bytes as the codec, whatever the command and its numbers', () => {
    const numbers = fc.record({
      deviceId: fc.nat(0xffffffff),
      messageId: fc.nat(0xffff),
      sequence: fc.integer({ min: 1, max: 0xfffffe }),
      node: fc.nat(0xffff),
    });
    fc.assert(
      fc.property(actions, numbers, (action, { deviceId, messageId, sequence, node }) => {
        const inner = numberedFrame(action, node, sequence);
        const codec = encodePacket({ kind: 'data', deviceId, messageId, flag: 0, inner });
        expect(toHex(layOut(action, { deviceId, messageId, sequence, node }))).toBe(toHex(codec));
      }),
    );
  });
});
