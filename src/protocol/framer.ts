import { DEFAULT_BODY_LIMIT, HEADER_SIZE, rowOfType, type CatalogueRow } from './catalogue';
import { u32beAt } from './cursor';

/** Why bytes were thrown away: no packet begins there, a body over the limit, or TLS on a plain port. */
export type DiscardReason = 'out_of_step' | 'oversize' | 'tls';

/** Where a framer reports. The packet bytes are whole, header included, and safe to keep. */
export interface FrameSink {
  packet(bytes: Uint8Array): void;
  discarded(reason: DiscardReason, count: number): void;
}

type Look =
  | { readonly kind: 'packet'; readonly size: number }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'garbage'; readonly reason: DiscardReason };

const INCOMPLETE: Look = { kind: 'incomplete' };
const OUT_OF_STEP: Look = { kind: 'garbage', reason: 'out_of_step' };
const OVERSIZE: Look = { kind: 'garbage', reason: 'oversize' };

const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 0x03;
const TLS_RECORD_HEADER = 5;
const NOTHING = new Uint8Array(0);

/**
 * Cuts one direction of one connection into packets. Out of step it moves byte by byte to the next plausible
 * header: a known type, a length that this type allows, and zero in the two high length bytes (protocol, trap 9).
 * It never holds more than one packet of the greatest size.
 */
export class Framer {
  private held: Uint8Array = NOTHING;
  private tlsLeft = 0;
  /** TLS is looked for only where the stream begins: behind anything else the same bytes are ordinary garbage. */
  private mayBeTls = true;

  constructor(
    private readonly sink: FrameSink,
    private readonly bodyLimit = DEFAULT_BODY_LIMIT,
  ) {}

  /** Bytes that wait for the rest of their packet. */
  get heldBytes(): number {
    return this.held.length;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.held.length === 0 ? chunk : joined(this.held, chunk);
    const rest = this.scan(this.skipTls(bytes));
    // A copy: a view would keep the whole read buffer alive for a few bytes.
    this.held = rest.length === 0 ? NOTHING : new Uint8Array(rest);
  }

  /**
   * Gives up on the packet that is being waited for: its first byte was not a header after all. What is found
   * behind it is delivered.
   */
  abandonPartial(): void {
    if (this.held.length === 0) return;
    const rest = this.held.subarray(1);
    this.held = NOTHING;
    this.mayBeTls = false;
    this.sink.discarded('out_of_step', 1);
    this.push(rest);
  }

  /** Delivers what it can and returns the bytes at the end that are no whole packet. */
  private scan(bytes: Uint8Array): Uint8Array {
    let at = 0;
    while (at < bytes.length) {
      const look = this.lookAt(bytes, at);
      if (look.kind === 'incomplete') return bytes.subarray(at);
      if (look.kind === 'packet') {
        this.mayBeTls = false;
        this.sink.packet(bytes.subarray(at, at + look.size));
        at += look.size;
      } else if (look.reason === 'tls') {
        at += this.discardTls(bytes, at);
      } else {
        at += this.discardGarbage(bytes, at, look.reason);
      }
    }
    return NOTHING;
  }

  private lookAt(bytes: Uint8Array, at: number): Look {
    const left = bytes.length - at;
    if (this.mayBeTls && bytes[at] === TLS_HANDSHAKE) return this.lookAtTls(bytes, at, left);
    const row = rowOfType(bytes[at] as number);
    if (!row || (left > 1 && bytes[at + 1] !== 0) || (left > 2 && bytes[at + 2] !== 0)) return OUT_OF_STEP;
    if (left < HEADER_SIZE) return INCOMPLETE;
    const length = u32beAt(bytes, at + 1);
    if (length > this.bodyLimit) return OVERSIZE;
    if (!allows(row, length)) return OUT_OF_STEP;
    return left < HEADER_SIZE + length ? INCOMPLETE : { kind: 'packet', size: HEADER_SIZE + length };
  }

  private lookAtTls(bytes: Uint8Array, at: number, left: number): Look {
    if (left > 1 && bytes[at + 1] !== TLS_MAJOR) return OUT_OF_STEP;
    return left < TLS_RECORD_HEADER ? INCOMPLETE : { kind: 'garbage', reason: 'tls' };
  }

  /** Throws away one byte and all that follow up to the next thing that may be a packet; one report for the run. */
  private discardGarbage(bytes: Uint8Array, at: number, reason: DiscardReason): number {
    this.mayBeTls = false;
    let end = at + 1;
    while (end < bytes.length && this.lookAt(bytes, end).kind === 'garbage') end += 1;
    this.sink.discarded(reason, end - at);
    return end - at;
  }

  private discardTls(bytes: Uint8Array, at: number): number {
    const record = TLS_RECORD_HEADER + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
    const here = Math.min(record, bytes.length - at);
    this.tlsLeft = record - here;
    this.sink.discarded('tls', here);
    return here;
  }

  private skipTls(bytes: Uint8Array): Uint8Array {
    if (this.tlsLeft === 0) return bytes;
    const skipped = Math.min(this.tlsLeft, bytes.length);
    this.tlsLeft -= skipped;
    this.sink.discarded('tls', skipped);
    return bytes.subarray(skipped);
  }
}

function allows({ size }: CatalogueRow, length: number): boolean {
  return 'exactly' in size ? length === size.exactly : length >= size.atLeast;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
