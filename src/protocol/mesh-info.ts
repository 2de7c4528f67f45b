import { u16leAt } from './cursor';

/** One node of a mesh information page (protocol 2.10). */
export interface MeshRecord {
  readonly node: number;
  /** Only the first record, the bridge itself, has one. */
  readonly deviceType: number;
  readonly on: boolean;
  readonly brightness: number;
  readonly tone: number;
  readonly rgb: readonly [number, number, number];
}

export interface MeshPage {
  /** Nodes in the whole mesh, which may take several pages. */
  readonly total: number;
  readonly records: readonly MeshRecord[];
}

const HEAD_SIZE = 6;
const RECORD_SIZE = 24;

/** Reads the data of an F9 52 frame; undefined for the one-byte reply that only says "accepted". */
export function decodeMeshPage(data: Uint8Array): MeshPage | undefined {
  if (data.length < HEAD_SIZE || (data.length - HEAD_SIZE) % RECORD_SIZE !== 0) return undefined;
  const records: MeshRecord[] = [];
  for (let at = HEAD_SIZE; at < data.length; at += RECORD_SIZE) records.push(recordAt(data, at));
  return { total: u16leAt(data, 4), records };
}

function recordAt(data: Uint8Array, at: number): MeshRecord {
  return {
    node: u16leAt(data, at),
    deviceType: data[at + 2] as number,
    on: data[at + 8] === 1,
    brightness: data[at + 12] as number,
    tone: data[at + 16] as number,
    rgb: [data[at + 20] as number, data[at + 21] as number, data[at + 22] as number],
  };
}
