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
  show: `f8 e2 0e 00 ${MESH} e2 11 02 07 01 show0 show1`,
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
/** Checksum and end marker. */
const TAIL_BYTES = 2;

/** The whole packet of a command, header included, by the second layout. */
export function layOut(action: Action, numbers: LayoutNumbers): Uint8Array {
  const tokens = `${HEAD} ${BODIES[action.command]}`.split(' ');
  const values = new Map<string, number>([
    ...bytesOf('device', numbers.deviceId, 4),
    ...bytesOf('message', numbers.messageId, 2),
    ...bytesOf('seq', numbers.sequence, 4),
    // A switch setting numbers its mesh message one above the frame.
    ...bytesOf('mesh', numbers.sequence + (action.command === 'mode' ? 1 : 0), 3),
    ...bytesOf('node', numbers.node, 2),
    ...parametersOf(action),
    ['size', tokens.length + TAIL_BYTES - HEADER_BYTES],
  ]);
  const bytes = tokens.map((token) => values.get(token) ?? Number.parseInt(token, 16));
  const sum = bytes.slice(SUM_FROM).reduce((total, byte) => total + byte, 0);
  return Uint8Array.from([...bytes, sum, 0x7e]);
}

/** Names with the significance of each byte behind them: 0 is the lowest. */
function bytesOf(name: string, value: number, count: number): [string, number][] {
  return Array.from({ length: count }, (_, at) => [`${name}${at}`, (value >>> (8 * at)) & 0xff]);
}

function parametersOf(action: Action): [string, number][] {
  switch (action.command) {
    case 'power':
      return [['on', action.on ? 1 : 0]];
    case 'brightness':
    case 'temperature':
      return [['level', action.level]];
    case 'color':
      return [
        ['r', action.r],
        ['g', action.g],
        ['b', action.b],
      ];
    case 'show':
      return [
        ['show0', SHOWS[action.name] >>> 8],
        ['show1', SHOWS[action.name] & 0xff],
      ];
    case 'mode':
      return [['mode', action.mode === 'traditional' ? 1 : 2]];
  }
}
