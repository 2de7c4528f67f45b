/** The programme's own test framing: F0 0D, a version, a 32-bit big-endian length, JSON (protocol 6.1). */
const MAGIC = [0xf0, 0x0d] as const;
const VERSION = 0x01;
const HEADER_SIZE = 7;
const LENGTH_AT = 3;

/** What is asked in a test frame. */
export interface ToggleRequest {
  readonly opcode: 'toggle';
  readonly device_id: string;
  readonly msg_id: string;
  readonly state: boolean;
}

export function encodeTestFrame(request: ToggleRequest): Uint8Array {
  const json = Buffer.from(JSON.stringify(request), 'utf8');
  const frame = Buffer.alloc(HEADER_SIZE + json.length);
  frame.set([...MAGIC, VERSION]);
  frame.writeUInt32BE(json.length, LENGTH_AT);
  frame.set(json, HEADER_SIZE);
  return frame;
}

/** The JSON of one whole frame; undefined when the bytes are none. */
export function decodeTestFrame(frame: Uint8Array): unknown {
  const bytes = Buffer.from(frame);
  const fits = bytes.length >= HEADER_SIZE && bytes.readUInt32BE(LENGTH_AT) === bytes.length - HEADER_SIZE;
  if (!fits || bytes[0] !== MAGIC[0] || bytes[1] !== MAGIC[1] || bytes[2] !== VERSION) return undefined;
  try {
    return JSON.parse(bytes.subarray(HEADER_SIZE).toString('utf8'));
  } catch {
    return undefined;
  }
}
