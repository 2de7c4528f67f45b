import { OPCODE } from '../protocol/actions';
import { REQUEST, type InnerFrame, type MalformedInner } from '../protocol/inner-frame';
import { decodeMeshPdu, type MeshPdu } from '../protocol/mesh-pdu';

/** What a frame asks of a device. */
export type DeviceRequest =
  /** Gets its 0x7B and nothing more (protocol 1.3). */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'page_acknowledged' }
  | { readonly kind: 'mesh_info'; readonly frame: InnerFrame }
  /** The cloud asks it; the meaning is not known, the reply is (protocol 2.7). */
  | { readonly kind: 'status_query'; readonly frame: InnerFrame }
  | { readonly kind: 'command'; readonly frame: InnerFrame; readonly pdu: MeshPdu };

const STATUS_QUERY = 0xea;
const COMMANDS: ReadonlySet<number> = new Set([
  OPCODE.power,
  OPCODE.brightness,
  OPCODE.color,
  OPCODE.combined,
  OPCODE.setting,
]);

const UNUSABLE: DeviceRequest = { kind: 'unusable' };

/** Reads what a controller sent in a 0x73. Pure. */
export function requestOf(frame: InnerFrame | MalformedInner): DeviceRequest {
  if (frame.kind === 'malformed' || frame.direction !== REQUEST) return UNUSABLE;
  if (frame.opcode === OPCODE.acknowledgePage) return { kind: 'page_acknowledged' };
  if (frame.opcode === OPCODE.meshInfo) return { kind: 'mesh_info', frame };
  if (frame.opcode === STATUS_QUERY) return { kind: 'status_query', frame };
  const pdu = COMMANDS.has(frame.opcode) ? decodeMeshPdu(frame.data) : undefined;
  return pdu ? { kind: 'command', frame, pdu } : UNUSABLE;
}
