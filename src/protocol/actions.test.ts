import fc from 'fast-check';
import { actionFrame, isPlainSequence, OPCODE, type Action } from './actions';
import { encodePacket } from './codec';
import { toHex } from './hex';
import { decodeInner, encodeInner, REQUEST, type InnerFrameInit } from './inner-frame';
import { LIGHT_SHOW_NAMES, LIGHT_SHOWS } from './light-shows';
import { decodeMeshPdu } from './mesh-pdu';

function packetHex(inner: InnerFrameInit, messageId = 0x1537): string {
  return toHex(encodePacket({ kind: 'data', deviceId: 0x37962469, messageId, flag: 0, inner }));
}

function compact(hex: string): string {
  return hex.replaceAll(' ', '');
}

// Each row is a captured packet, or has the frame and the checksum of one (protocol 2.7).
const WORKED: readonly (readonly [Action, number, number, string])[] = [
  [
    { command: 'power', on: true },
    5,
    0x21,
    '73 0000001f 37962469 1537 00 7e 21000000 f8 d0 0d00 210000 0000 0500 d0 1102 010000 e7 7e',
  ],
  [
    { command: 'power', on: false },
    5,
    0x22,
    '73 0000001f 37962469 1537 00 7e 22000000 f8 d0 0d00 220000 0000 0500 d0 1102 000000 e7 7e',
  ],
  [
    { command: 'brightness', level: 39 },
    7,
    0x17,
    '73 00000022 37962469 1537 00 7e 17000000 f8 f0 1000 170000 0000 0700 f0 1102 0127ffffffff 45 7e',
  ],
  [
    { command: 'temperature', level: 72 },
    7,
    0x36,
    '73 00000022 37962469 1537 00 7e 36000000 f8 f0 1000 360000 0000 0700 f0 1102 01ff48000000 88 7e',
  ],
  [
    { command: 'color', r: 0, g: 0xfb, b: 0xff },
    7,
    0x2b,
    '73 00000022 37962469 1537 00 7e 2b000000 f8 f0 1000 2b0000 0000 0700 f0 1102 01fffe00fbff 2d 7e',
  ],
  [
    { command: 'show', name: 'rainbow' },
    10,
    0x07,
    '73 00000020 37962469 1537 00 7e 07000000 f8 e2 0e00 070000 0000 0a00 e2 1102 0701027a 7a 7e',
  ],
  [
    { command: 'mode', mode: 'traditional' },
    160,
    0x13d,
    '73 0000001e 37962469 1537 00 7e 3d010000 f8 8e 0c00 3e0100 0000 a000 f7 1102 0101 85 7e',
  ],
  [
    { command: 'mode', mode: 'smart' },
    160,
    0x130,
    '73 0000001e 37962469 1537 00 7e 30010000 f8 8e 0c00 310100 0000 a000 f7 1102 0102 79 7e',
  ],
];

describe('actionFrame', () => {
  it.each(WORKED)('writes %j as the packet that was captured', (action, node, sequence, packet) => {
    expect(packetHex(actionFrame(action, node, sequence))).toBe(compact(packet));
  });

  it.each([
    ['candle', '01f1'],
    ['rainbow', '027a'],
    ['cyber', '439f'],
    ['fireworks', '03da'],
    ['volcanic', '04f4'],
    ['aurora', '051c'],
    ['happy_holidays', '0654'],
    ['red_white_blue', '074f'],
    ['vegas', '08e3'],
    ['party_time', '0906'],
  ] as const)('names the light show %s by %s', (name, bytes) => {
    const pdu = decodeMeshPdu(actionFrame({ command: 'show', name }, 1, 1).data);
    expect(toHex(pdu?.parameters ?? new Uint8Array())).toBe(`0701${bytes}`);
    expect(Object.keys(LIGHT_SHOWS)).toEqual([...LIGHT_SHOW_NAMES]);
    expect(LIGHT_SHOW_NAMES).toHaveLength(10);
  });

  it('addresses groups with both bytes of the node', () => {
    const frame = actionFrame({ command: 'brightness', level: 1 }, 0x8010, 1);
    expect(decodeMeshPdu(frame.data)).toMatchObject({ source: 0, destination: 0x8010 });
  });

  it('numbers the mesh message after the frame, settings one above, within 24 bits', () => {
    const sequenceOf = (action: Action, sequence: number): number | undefined =>
      decodeMeshPdu(actionFrame(action, 1, sequence).data)?.sequence;
    expect(sequenceOf({ command: 'power', on: true }, 0x01020304)).toBe(0x020304);
    expect(sequenceOf({ command: 'mode', mode: 'smart' }, 0x01020304)).toBe(0x020305);
    expect(sequenceOf({ command: 'mode', mode: 'smart' }, 0x00ffffff)).toBe(0);
  });
});

describe('the other requests of a controller', () => {
  const request = (sequence: number, opcode: number, data: readonly number[]): InnerFrameInit => ({
    sequence,
    direction: REQUEST,
    opcode,
    data: Uint8Array.from(data),
  });

  it('ask for mesh information and acknowledge its pages as captured', () => {
    expect(packetHex(request(0x1f, OPCODE.meshInfo, [0, 0, 0xff, 0xff, 0, 0]))).toBe(
      compact('73 00000018 37962469 1537 00 7e 1f000000 f8 52 0600 0000ffff0000 56 7e'),
    );
    expect(packetHex(request(0x1e, OPCODE.acknowledgePage, [0xaf, 0x01]))).toBe(
      compact('73 00000014 37962469 1537 00 7e 1e000000 f8 af 0200 af01 61 7e'),
    );
  });
});

describe('isPlainSequence', () => {
  it.each([0, 1, 0x7b, 0x7f, 0x7a7a7a7a, 0xffffffff])('accepts %p', (sequence) => {
    expect(isPlainSequence(sequence)).toBe(true);
  });

  it.each([0x7c, 0x7d, 0x7e, 0x7d00, 0x7e0000, 0x7d000000, 0x7dff, 0x7cffffff])(
    'refuses %p, which holds 7D or 7E or is followed by one that does',
    (sequence) => {
      expect(isPlainSequence(sequence)).toBe(false);
    },
  );

  it('keeps the stuffing bytes out of both sequence numbers of every action', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.constantFrom(...WORKED), (sequence, [action, node]) => {
        fc.pre(isPlainSequence(sequence));
        const raw = encodeInner(actionFrame(action, node, sequence));
        const [outer, mesh] = [raw.subarray(1, 5), raw.subarray(9, 12)];
        expect([...outer, ...mesh].filter((byte) => byte === 0x7d || byte === 0x7e)).toEqual([]);
        expect(decodeInner(raw)).toMatchObject({ sequence, checksumOk: true });
      }),
    );
  });
});
