import { needsEscape, REQUEST, type InnerFrameInit } from './inner-frame';
import { LIGHT_SHOWS, type LightShow } from './light-shows';
import { encodeMeshPdu, MESH_OP } from './mesh-pdu';

/** What can be asked of a lamp, plug or switch. Levels are percent, colour components 0…255. */
export type Action =
  | { readonly command: 'power'; readonly on: boolean }
  | { readonly command: 'brightness'; readonly level: number }
  | { readonly command: 'temperature'; readonly level: number }
  | { readonly command: 'color'; readonly r: number; readonly g: number; readonly b: number }
  | { readonly command: 'show'; readonly name: LightShow }
  | { readonly command: 'mode'; readonly mode: SwitchMode };

/** What can be asked of a bridge without changing anything. */
export interface Query {
  readonly command: 'mesh_info';
}

export const SWITCH_MODES = ['traditional', 'smart'] as const;
export type SwitchMode = (typeof SWITCH_MODES)[number];

/** Opcodes of the outer 0x7E frame that carry requests (protocol 2.7). */
export const OPCODE = {
  meshInfo: 0x52,
  setting: 0x8e,
  acknowledgePage: 0xaf,
  power: 0xd0,
  brightness: 0xd2,
  status: 0xdb,
  color: 0xe2,
  combined: 0xf0,
} as const;

/** In a combined set, a value that leaves the property as it is, and a tone that says "use the RGB that follows". */
export const LEAVE = 0xff;
export const TONE_RGB = 0xfe;

const SETTING_SWITCH_MODE = 0x01;
const COLOR_LIGHT_SHOW = 0x07;

interface Request {
  readonly opcode: number;
  readonly op: number;
  readonly parameters: readonly number[];
  /** Settings number the PDU one above the frame; everything else uses the frame's own sequence. */
  readonly sequenceAhead?: number;
}

function requestOf(action: Action): Request {
  switch (action.command) {
    case 'power':
      return { opcode: OPCODE.power, op: MESH_OP.power, parameters: [action.on ? 1 : 0, 0, 0] };
    case 'brightness':
      return combined([1, action.level, LEAVE, LEAVE, LEAVE, LEAVE]);
    case 'temperature':
      return combined([1, LEAVE, action.level, 0, 0, 0]);
    case 'color':
      return combined([1, LEAVE, TONE_RGB, action.r, action.g, action.b]);
    case 'show':
      return {
        opcode: OPCODE.color,
        op: MESH_OP.color,
        parameters: [COLOR_LIGHT_SHOW, 1, ...LIGHT_SHOWS[action.name]],
      };
    case 'mode': {
      const mode = SWITCH_MODES.indexOf(action.mode) + 1;
      return {
        opcode: OPCODE.setting,
        op: MESH_OP.setting,
        parameters: [SETTING_SWITCH_MODE, mode],
        sequenceAhead: 1,
      };
    }
  }
}

function combined(parameters: readonly number[]): Request {
  return { opcode: OPCODE.combined, op: MESH_OP.combined, parameters };
}

/** The frame that asks `node` for `action` (protocol 2.7). */
export function actionFrame(action: Action, node: number, sequence: number): InnerFrameInit {
  const request = requestOf(action);
  const data = encodeMeshPdu({
    sequence: (sequence + (request.sequenceAhead ?? 0)) & 0xffffff,
    source: 0,
    destination: node,
    op: request.op,
    parameters: Uint8Array.from(request.parameters),
  });
  return { sequence, direction: REQUEST, opcode: request.opcode, data };
}

/** Which nodes the bridge should describe: all of them (protocol 2.7). */
const ALL_MESH_NODES = Uint8Array.of(0x00, 0x00, 0xff, 0xff, 0x00, 0x00);
const PAGE_RECEIVED = Uint8Array.of(0xaf, 0x01);

/** The frame that asks a bridge for its mesh nodes; the answer comes in pages (protocol 2.10). */
export function queryFrame(_query: Query, sequence: number): InnerFrameInit {
  return { sequence, direction: REQUEST, opcode: OPCODE.meshInfo, data: ALL_MESH_NODES };
}

/** The frame that tells a bridge that a page of mesh nodes has arrived. */
export function pageAcknowledgement(sequence: number): InnerFrameInit {
  return { sequence, direction: REQUEST, opcode: OPCODE.acknowledgePage, data: PAGE_RECEIVED };
}

/** Whether a sequence number and its successor are free of bytes that some firmware would escape (protocol, trap 15). */
export function isPlainSequence(sequence: number): boolean {
  return isPlain(sequence) && isPlain(sequence + 1);
}

function isPlain(value: number): boolean {
  for (let shift = 0; shift < 32; shift += 8) if (needsEscape((value >>> shift) & 0xff)) return false;
  return true;
}
