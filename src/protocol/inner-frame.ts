import { u16leAt, u32leAt } from './cursor';

/** Frame delimiter, and the value that firmware reports carry in place of the first one (protocol 2.6). */
const FRAME_MARKER = 0x7e;
export const REPORT_MARKER = 0x00;
const ESCAPE = 0x7d;
const ESCAPE_MASK = 0x20;

/** Byte 17 of a pipe packet: who speaks. */
export const REQUEST = 0xf8;
export const REPLY = 0xf9;
export const NOTIFICATION = 0xfa;

/** Sequence, direction, opcode, length and checksum: what a frame without data has between its markers. */
const FIXED_SIZE = 9;

/**
 * The frame that 0x73 and 0x83 carry. `data` is a view into the packet unless the frame was escaped.
 * `checksumOk` is a flag, never a reason to drop: one device model repeats the first checksum of a burst
 * (protocol 1.6).
 */
export interface InnerFrame {
  readonly kind: 'frame';
  readonly start: number;
  readonly sequence: number;
  readonly direction: number;
  readonly opcode: number;
  readonly data: Uint8Array;
  readonly checksum: number;
  readonly checksumOk: boolean;
  readonly escaped: boolean;
}

/** Bytes in the frame's place that are no frame; kept, so that the packet can still be encoded again. */
export interface MalformedInner {
  readonly kind: 'malformed';
  readonly reason: 'too_short' | 'start_marker' | 'end_marker' | 'length';
  readonly raw: Uint8Array;
}

/** Reads the frame by position and length first, and unescapes only when the length does not fit (protocol 2.6). */
export function decodeInner(raw: Uint8Array): InnerFrame | MalformedInner {
  if (raw.length < FIXED_SIZE + 2) return malformed('too_short', raw);
  const start = raw[0] as number;
  if (start !== FRAME_MARKER && start !== REPORT_MARKER) return malformed('start_marker', raw);
  if (raw[raw.length - 1] !== FRAME_MARKER) return malformed('end_marker', raw);
  const body = raw.subarray(1, raw.length - 1);
  if (lengthFits(body)) return frameOf(start, body, false);
  const unescaped = unescape(body);
  return lengthFits(unescaped) ? frameOf(start, unescaped, true) : malformed('length', raw);
}

function malformed(reason: MalformedInner['reason'], raw: Uint8Array): MalformedInner {
  return { kind: 'malformed', reason, raw };
}

function lengthFits(body: Uint8Array): boolean {
  return body.length >= FIXED_SIZE && body.length === FIXED_SIZE + u16leAt(body, 6);
}

function frameOf(start: number, body: Uint8Array, escaped: boolean): InnerFrame {
  const last = body.length - 1;
  const checksum = body[last] as number;
  return {
    kind: 'frame',
    start,
    sequence: u32leAt(body, 0),
    direction: body[4] as number,
    opcode: body[5] as number,
    data: body.subarray(8, last),
    checksum,
    checksumOk: sum(body, 5, last) === checksum,
    escaped,
  };
}

/** Sum of the bytes in [from, to), modulo 256 (protocol 2.6). */
function sum(bytes: Uint8Array, from: number, to: number): number {
  let total = 0;
  for (let at = from; at < to; at += 1) total += bytes[at] as number;
  return total & 0xff;
}

/** What a frame needs to be written: a decoded one serves as it is, whatever its checksum and escaping were. */
export interface InnerFrameInit {
  readonly sequence: number;
  readonly direction: number;
  readonly opcode: number;
  readonly data: Uint8Array;
  readonly start?: number;
  readonly checksum?: number;
  readonly escaped?: boolean;
}

export function encodeInner(frame: InnerFrameInit | MalformedInner): Uint8Array {
  if ('raw' in frame) return frame.raw;
  const body = new Uint8Array(FIXED_SIZE + frame.data.length);
  writeBody(body, frame);
  const stuffed = frame.escaped ? escape(body) : body;
  const out = new Uint8Array(stuffed.length + 2);
  out[0] = frame.start ?? FRAME_MARKER;
  out.set(stuffed, 1);
  out[out.length - 1] = FRAME_MARKER;
  return out;
}

/** The checksum that a frame must carry (protocol 2.6). */
export function checksumOf({ opcode, data }: Pick<InnerFrameInit, 'opcode' | 'data'>): number {
  return (opcode + (data.length & 0xff) + (data.length >>> 8) + sum(data, 0, data.length)) & 0xff;
}

function writeBody(body: Uint8Array, frame: InnerFrameInit): void {
  const last = body.length - 1;
  for (let byte = 0; byte < 4; byte += 1) body[byte] = frame.sequence >>> (8 * byte);
  body[4] = frame.direction;
  body[5] = frame.opcode;
  body[6] = frame.data.length;
  body[7] = frame.data.length >>> 8;
  body.set(frame.data, 8);
  body[last] = frame.checksum ?? checksumOf(frame);
}

function unescape(body: Uint8Array): Uint8Array {
  const out = new Uint8Array(body.length);
  let length = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] as number;
    const stuffed = byte === ESCAPE && at + 1 < body.length;
    out[length++] = stuffed ? (body[++at] as number) ^ ESCAPE_MASK : byte;
  }
  return out.subarray(0, length);
}

function escape(body: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (const byte of body) {
    if (needsEscape(byte)) out.push(ESCAPE, byte ^ ESCAPE_MASK);
    else out.push(byte);
  }
  return Uint8Array.from(out);
}

/** Whether some firmware would stuff this byte; senders avoid such values where they may choose (protocol 2.6). */
export function needsEscape(byte: number): boolean {
  return byte === FRAME_MARKER || byte === ESCAPE;
}
