import type { Action } from '../../protocol/actions';
import type { LightShow } from '../../protocol/light-shows';

/** The numbers under which a command goes out. */
export interface LayoutNumbers {
  readonly deviceId: number;
  readonly messageId: number;
  readonly sequence: number;
  readonly node: number;
}

/**
 * The command packets of protocol 2.7 a second time, as text: two hex digits are a byte, a name is a value that is
 * filled in. Written from the captured packets and sharing nothing with the codec, so that a fault in the one is not
 * a fault in both.
 */
const HEAD = '73 00 00 00 size device3 device2 device1 device0 message1 message0 00 7e seq0 seq1 seq2 seq3';
const MESH = 'mesh0 mesh1 mesh2 00 00 node0 node1';
const BODIES = {
  power: `f8 d0 0d 00 ${MESH} d0 11 02 on 00 00`,
  brightness: `f8 f0 10 00 ${MESH} f0 11 02 01 level ff ff ff ff`,
  temperature: `f8 f0 10 00 ${MESH} f0 11 02 01 ff level 00 00 00`,
  color: `f8 f0 10 00 ${MESH} f0 11 02 01 ff fe r g b`,
  show: `f8 e2 0e 00 ${MESH} e2 11 02 07 01 show1 show0`,
  mode: `f8 8e 0c 00 ${MESH} f7 11 02 01 mode`,
} as const satisfies Record<Action['command'], string>;

const SHOWS = {
  candle: 0x01f1,
  rainbow: 0x027a,
  cyber: 0x439f,
  fireworks: 0x03da,
  volcanic: 0x04f4,
  aurora: 0x051c,
  happy_holidays: 0x0654,
  red_white_blue: 0x074f,
  vegas: 0x08e3,
  party_time: 0x0906,
} as const satisfies Record<LightShow, number>;

const HEADER_BYTES = 5;
/** The opcode: the first byte that the checksum counts. */
const SUM_FROM = 18;
const END = 0x7e;

/** The texts as they are used: a number is a byte, and a name one to come. */
const LAYOUTS = new Map(
  Object.entries(BODIES).map(([command, body]) => [command, parsed(`${HEAD} ${body}`)]),
);

function parsed(text: string): readonly (number | string)[] {
  return text.split(' ').map((token) => (/^[0-9a-f]{2}$/.test(token) ? Number.parseInt(token, 16) : token));
}

/** The whole packet of a command, header included, by the second layout. */
export function layOut(action: Action, numbers: LayoutNumbers): Uint8Array {
  const layout = LAYOUTS.get(action.command) ?? [];
  const packet = new Uint8Array(layout.length + 2);
  const values = valuesOf(action, numbers);
  values.size = packet.length - HEADER_BYTES;
  let sum = 0;
  layout.forEach((token, at) => {
    const byte = typeof token === 'number' ? token : (values[token] ?? 0);
    packet[at] = byte;
    if (at >= SUM_FROM) sum += byte;
  });
  packet.set([sum, END], layout.length);
  return packet;
}

/** The bytes that have names; a digit behind a name is the significance, 0 the lowest. */
function valuesOf(
  action: Action,
  { deviceId, messageId, sequence, node }: LayoutNumbers,
): Record<string, number> {
  // A switch setting numbers its mesh message one above the frame.
  const mesh = sequence + (action.command === 'mode' ? 1 : 0);
  return {
    device0: byteOf(deviceId, 0),
    device1: byteOf(deviceId, 1),
    device2: byteOf(deviceId, 2),
    device3: byteOf(deviceId, 3),
    message0: byteOf(messageId, 0),
    message1: byteOf(messageId, 1),
    seq0: byteOf(sequence, 0),
    seq1: byteOf(sequence, 1),
    seq2: byteOf(sequence, 2),
    seq3: byteOf(sequence, 3),
    mesh0: byteOf(mesh, 0),
    mesh1: byteOf(mesh, 1),
    mesh2: byteOf(mesh, 2),
    node0: byteOf(node, 0),
    node1: byteOf(node, 1),
    ...parametersOf(action),
  };
}

function byteOf(value: number, significance: number): number {
  return (value >>> (8 * significance)) & 0xff;
}

function parametersOf(action: Action): Readonly<Record<string, number>> {
  switch (action.command) {
    case 'power':
      return { on: action.on ? 1 : 0 };
    case 'brightness':
    case 'temperature':
      return { level: action.level };
    case 'color':
      return { r: action.r, g: action.g, b: action.b };
    case 'show':
      return { show1: byteOf(SHOWS[action.name], 1), show0: byteOf(SHOWS[action.name], 0) };
    case 'mode':
      return { mode: action.mode === 'traditional' ? 1 : 2 };
  }
}
