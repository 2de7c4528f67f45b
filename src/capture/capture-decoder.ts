import { LRUCache } from 'lru-cache';
import { decodePacket, type Decoded } from '../protocol/codec';
import { Framer } from '../protocol/framer';
import type { CaptureRead } from './capture-line';

/** What decoding a capture brings to light, in the order in which it happens. */
export type CaptureEvent =
  | { readonly kind: 'read'; readonly tls: boolean }
  | {
      readonly kind: 'packet';
      readonly read: CaptureRead;
      readonly bytes: Uint8Array;
      readonly packet: Decoded;
    }
  | { readonly kind: 'trailing'; readonly bytes: number };

/**
 * Connections and directions followed at once, each of which holds at most one packet. Beyond that the one that was
 * silent longest ends where it stands: its held bytes count as trailing, and its next read begins a new stream.
 */
export const MAX_STREAMS = 1024;

interface Stream {
  readonly framer: Framer;
  /** The read in hand; a packet belongs to the read that completes it. */
  read: CaptureRead;
  sawTls: boolean;
}

/**
 * Cuts the reads of one capture file into packets: one framer per connection and direction. A read without a
 * connection stands alone, because reads of several devices follow each other there.
 */
export class CaptureDecoder {
  private readonly streams: LRUCache<string, Stream>;

  constructor(
    private readonly emit: (event: CaptureEvent) => void,
    maxStreams = MAX_STREAMS,
  ) {
    this.streams = new LRUCache({ max: maxStreams, dispose: (stream) => this.end(stream) });
  }

  read(read: CaptureRead): void {
    const stream = read.conn === '' ? this.newStream(read) : this.streamOf(read);
    stream.read = read;
    stream.sawTls = false;
    stream.framer.push(read.bytes);
    this.emit({ kind: 'read', tls: stream.sawTls });
    if (read.conn === '') this.end(stream);
  }

  /** Ends every stream. To be called once, behind the last read. */
  finish(): void {
    this.streams.clear();
  }

  private streamOf(read: CaptureRead): Stream {
    const key = `${read.dir ?? ''} ${read.conn}`;
    const known = this.streams.get(key);
    if (known) return known;
    const stream = this.newStream(read);
    this.streams.set(key, stream);
    return stream;
  }

  private newStream(read: CaptureRead): Stream {
    const framer = new Framer({
      packet: (bytes) => this.emit({ kind: 'packet', read: stream.read, bytes, packet: decodePacket(bytes) }),
      discarded: (reason, bytes) => {
        if (reason === 'tls') stream.sawTls = true;
        else this.emit({ kind: 'trailing', bytes });
      },
    });
    const stream: Stream = { framer, read, sawTls: false };
    return stream;
  }

  private end(stream: Stream): void {
    if (stream.framer.heldBytes > 0) this.emit({ kind: 'trailing', bytes: stream.framer.heldBytes });
  }
}
