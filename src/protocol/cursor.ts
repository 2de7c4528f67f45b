/** Thrown inside a decode when the bytes end too early; the codec turns it into a value. */
export class ShortRead extends Error {
  constructor(wanted: number, left: number) {
    super(`wanted ${wanted} more bytes, ${left} left`);
    this.name = 'ShortRead';
  }
}

/** Reads forward through a byte range and never past its end. Sub-ranges are views, not copies. */
export class Reader {
  constructor(
    readonly bytes: Uint8Array,
    private offset = 0,
    private readonly end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.offset;
  }

  u8(): number {
    this.need(1);
    return this.bytes[this.offset++] as number;
  }

  u16be(): number {
    this.need(2);
    const at = this.offset;
    this.offset = at + 2;
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  u32be(): number {
    this.need(4);
    const at = this.offset;
    this.offset = at + 4;
    return u32beAt(this.bytes, at);
  }

  take(count: number): Uint8Array {
    this.need(count);
    const at = this.offset;
    this.offset = at + count;
    return this.bytes.subarray(at, this.offset);
  }

  rest(): Uint8Array {
    return this.take(this.left);
  }

  private need(count: number): void {
    if (this.left < count) throw new ShortRead(count, this.left);
  }
}

/** Appends to a byte buffer that grows as needed. */
export class Writer {
  private buffer: Uint8Array;
  private length = 0;

  constructor(expectedSize = 64) {
    this.buffer = new Uint8Array(expectedSize);
  }

  u8(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  u16be(value: number): void {
    this.u8(value >>> 8);
    this.u8(value);
  }

  u32be(value: number): void {
    this.u16be(value >>> 16);
    this.u16be(value & 0xffff);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A number in place of four bytes that were written before. */
  setU32be(at: number, value: number): void {
    for (let byte = 0; byte < 4; byte += 1) this.buffer[at + byte] = value >>> (24 - 8 * byte);
  }

  get size(): number {
    return this.length;
  }

  /** A copy: a view of so small an array would move it out of the heap, at three times the price. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + count));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/** An unsigned 32-bit big-endian number; the caller has checked that four bytes are there. */
export function u32beAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)) >>>
    0
  );
}

/** An unsigned 32-bit little-endian number; the caller has checked that four bytes are there. */
export function u32leAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0
  );
}

/** An unsigned 16-bit little-endian number; the caller has checked that two bytes are there. */
export function u16leAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}
