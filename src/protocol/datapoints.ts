import type { Reader, Writer } from './cursor';
import type { Field } from './layout';

/** One item of a 0x43 (protocol 2.9): index, then a u16 that packs a 4-bit type over a 12-bit length, then the value. */
export interface Datapoint {
  readonly index: number;
  readonly type: number;
  readonly value: Uint8Array;
}

export interface DatapointList {
  readonly items: readonly Datapoint[];
  /** What is no whole item: LED-strip firmware appends two bytes. Kept so that nothing is lost. */
  readonly trailer: Uint8Array;
}

const ITEM_HEADER = 3;

/** Index of the item that describes the sender itself. */
export const OWN_NODE_INDEX = 0x05;
/** Index of the item that holds telemetry as text. */
export const TELEMETRY_INDEX = 0xc7;
/** The type of an item that holds a node's state, and its size. */
const NODE_STATE_TYPE = 0;
const NODE_STATE_SIZE = 16;

export const datapoints: Field<DatapointList> = {
  read: readDatapoints,
  write(writer, list) {
    for (const item of list.items) writeDatapoint(writer, item);
    writer.append(list.trailer);
  },
};

function readDatapoints(reader: Reader): DatapointList {
  const items: Datapoint[] = [];
  const bytes = reader.rest();
  let at = 0;
  while (bytes.length - at >= ITEM_HEADER) {
    const packed = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    const end = at + ITEM_HEADER + (packed & 0xfff);
    if (end > bytes.length) break;
    items.push({
      index: bytes[at] as number,
      type: packed >>> 12,
      value: bytes.subarray(at + ITEM_HEADER, end),
    });
    at = end;
  }
  return { items, trailer: bytes.subarray(at) };
}

function writeDatapoint(writer: Writer, item: Datapoint): void {
  writer.u8(item.index);
  writer.u16be((item.type << 12) | item.value.length);
  writer.append(item.value);
}

/** Whether the item holds a node's state; `nodeStateOf` reads it. */
export function isNodeState(item: Datapoint): boolean {
  return item.type === NODE_STATE_TYPE && item.value.length === NODE_STATE_SIZE;
}
