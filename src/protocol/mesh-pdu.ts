import { u16leAt } from './cursor';

/** Bytes before the parameters of a Telink BLE-mesh PDU (protocol 2.7). */
const PDU_HEADER = 10;
/** The Telink vendor id 0x0211, as it stands on the wire. */
const VENDOR = [0x11, 0x02] as const;

/** Mesh operations, the byte at data offset 7. */
export const MESH_OP = {
  power: 0xd0,
  brightness: 0xd2,
  status: 0xdb,
  color: 0xe2,
  attribute: 0xea,
  combined: 0xf0,
  setting: 0xf7,
} as const;

/** The address of every node at once. */
export const ALL_NODES = 0xffff;

/** What D0, D2, E2, F0, 8E, DB and EA frames carry as data. */
export interface MeshPdu {
  /** 24 bits; the mesh discards a repeat of it. */
  readonly sequence: number;
  /** The node that speaks, 0 from a controller. */
  readonly source: number;
  /** Node 1…254, group 0x80xx, or `ALL_NODES`. */
  readonly destination: number;
  readonly op: number;
  readonly parameters: Uint8Array;
}

/** The PDU in a frame's data, or undefined when the data is too short to be one. */
export function decodeMeshPdu(data: Uint8Array): MeshPdu | undefined {
  if (data.length < PDU_HEADER) return undefined;
  return {
    sequence: (data[0] as number) | ((data[1] as number) << 8) | ((data[2] as number) << 16),
    source: u16leAt(data, 3),
    destination: u16leAt(data, 5),
    op: data[7] as number,
    parameters: data.subarray(PDU_HEADER),
  };
}

export function encodeMeshPdu(pdu: MeshPdu): Uint8Array {
  const data = new Uint8Array(PDU_HEADER + pdu.parameters.length);
  data[0] = pdu.sequence;
  data[1] = pdu.sequence >>> 8;
  data[2] = pdu.sequence >>> 16;
  data[3] = pdu.source;
  data[4] = pdu.source >>> 8;
  data[5] = pdu.destination;
  data[6] = pdu.destination >>> 8;
  data[7] = pdu.op;
  data.set(VENDOR, 8);
  data.set(pdu.parameters, PDU_HEADER);
  return data;
}
