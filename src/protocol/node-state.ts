import type { Datapoint } from './datapoints';
import { NOTIFICATION, REPORT_MARKER, type InnerFrame } from './inner-frame';
import { OPCODE, TONE_RGB } from './actions';
import { decodeMeshPdu, MESH_OP } from './mesh-pdu';

/** What a mesh node says of itself. `tone` is 0…100 for white, 0xFE for RGB, 0x81 for an effect. */
export interface NodeState {
  readonly node: number;
  readonly on: boolean;
  /** Percent; kept while off, so it says nothing about on or off (protocol, trap 16). */
  readonly brightness: number;
  readonly tone: number;
  readonly rgb: readonly [number, number, number];
  /** False: the bridge has not heard the node lately, and the rest is its last known state. */
  readonly heard: boolean;
}

/** A notification as far as its meaning is known. */
export type Notification =
  | { readonly kind: 'node_state'; readonly state: NodeState }
  | { readonly kind: 'firmware'; readonly scope: 'network' | 'device'; readonly version: string }
  | { readonly kind: 'other'; readonly opcode: number };

/** Reads the frame of a 0x83, or of a notification in a 0x73 (protocol 2.8). */
export function notificationOf(frame: InnerFrame): Notification {
  const other: Notification = { kind: 'other', opcode: frame.opcode };
  if (frame.direction !== NOTIFICATION) return other;
  if (frame.start === REPORT_MARKER) return firmwareOf(frame.data) ?? other;
  if (frame.opcode !== OPCODE.status) return other;
  return statusOf(frame.data) ?? other;
}

/** Bytes that describe a lamp's light, the same in a 0x43 and in a status: on, brightness, tone, R, G, B. */
const LIGHT_SIZE = 6;

function lightAt(bytes: Uint8Array, at: number): Pick<NodeState, 'on' | 'brightness' | 'tone' | 'rgb'> {
  const [on = 0, brightness = 0, tone = 0, r = 0, g = 0, b = 0] = bytes.subarray(at, at + LIGHT_SIZE);
  return { on: on === 1, brightness, tone, rgb: [r, g, b] };
}

/** Branches on the mesh operation, not on the outer opcode: FA DB is also the envelope of join notices (trap 8). */
function statusOf(data: Uint8Array): Notification | undefined {
  const pdu = decodeMeshPdu(data);
  if (pdu?.op !== MESH_OP.status || pdu.parameters.length < 1 + LIGHT_SIZE) return undefined;
  const { source: node, parameters } = pdu;
  return { kind: 'node_state', state: { node, ...lightAt(parameters, 1), heard: parameters[0] === 1 } };
}

const FIRMWARE_OP = 7;
const FIRMWARE_MARK = 11;
const FIRMWARE_SCOPE = 13;
const FIRMWARE_DIGITS = 14;

function firmwareOf(data: Uint8Array): Notification | undefined {
  if (data.length < FIRMWARE_DIGITS || data[FIRMWARE_OP] !== MESH_OP.attribute) return undefined;
  if (data[FIRMWARE_MARK] !== 0x86 || data[FIRMWARE_MARK + 1] !== 0x01) return undefined;
  const text = Buffer.from(data.subarray(FIRMWARE_DIGITS)).toString('latin1');
  const digits = /^\d{1,5}/.exec(text)?.[0] ?? '';
  const scope = data[FIRMWARE_SCOPE] === 0 ? 'network' : 'device';
  return { kind: 'firmware', scope, version: versionOf(digits) };
}

/** "11158" → "1.1.158". */
function versionOf(digits: string): string {
  return digits.length < 3 ? digits : `${digits[0]}.${digits[1]}.${digits.slice(2)}`;
}

/** Where a 16-byte item says whether the node was heard lately. */
const FRESH_FLAG = 7;

/** Reads a 16-byte item of a 0x43 (protocol 2.9). The item must satisfy `isNodeState`. */
export function nodeStateOf({ value }: Datapoint): NodeState {
  return { node: value[0] ?? 0, ...lightAt(value, 1), heard: value[FRESH_FLAG] === 1 };
}

/** True when the node shows a colour of its own rather than a white tone. */
export function showsColor(state: NodeState): boolean {
  return state.tone === TONE_RGB;
}
