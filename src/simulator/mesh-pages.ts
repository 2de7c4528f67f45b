import { OPCODE } from '../protocol/actions';
import { REPLY, type InnerFrameInit } from '../protocol/inner-frame';
import type { SimulatedNode } from './mesh';

const HEAD_SIZE = 6;
const RECORD_SIZE = 24;
/** The longest captured page (protocol 2.10). */
const RECORDS_PER_PAGE = 31;

/**
 * The F9 52 pages that list `nodes` (protocol 2.10). Only the first record, the bridge, names its type. A mesh of
 * more than 31 nodes takes several pages, sent without waiting for the AF between them.
 */
export function meshPages(
  nodes: readonly SimulatedNode[],
  deviceType: number,
  sequence: number,
): InnerFrameInit[] {
  const pages: InnerFrameInit[] = [];
  for (let first = 0; first < nodes.length; first += RECORDS_PER_PAGE) {
    const records = nodes.slice(first, first + RECORDS_PER_PAGE);
    const data = new Uint8Array(HEAD_SIZE + RECORD_SIZE * records.length);
    writeU16(data, 0, records.length);
    writeU16(data, 4, nodes.length);
    records.forEach((node, index) => writeRecord(data.subarray(HEAD_SIZE + RECORD_SIZE * index), node));
    if (first === 0) writeType(data.subarray(HEAD_SIZE), deviceType);
    pages.push({ sequence, direction: REPLY, opcode: OPCODE.meshInfo, data });
  }
  return pages;
}

function writeRecord(record: Uint8Array, node: SimulatedNode): void {
  writeU16(record, 0, node.node);
  record[3] = 1;
  record[7] = 1;
  record[8] = node.on ? 1 : 0;
  record[12] = node.brightness;
  record[16] = node.tone;
  record.set(node.rgb, 20);
}

function writeType(record: Uint8Array, deviceType: number): void {
  record[2] = deviceType;
  record[6] = deviceType;
}

function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}
