import type { LinkEndReason } from '../kernel/facts';

/** What the owner of a duplex is told. */
export interface DuplexHandlers {
  data(chunk: Uint8Array): void;
  /** The peer has taken enough that `writable` is true again. */
  drained(): void;
  /** Called once, also after `close`. */
  closed(reason: LinkEndReason): void;
}

/** An ordered, reliable pipe of bytes in both directions: a socket, a TLS socket, or two ends in memory. */
export interface Duplex {
  /** Who is at the other end, for logs: `address:port`. */
  readonly remote: string;
  readonly encrypted: boolean;
  /** False while the peer takes bytes more slowly than they are written. */
  readonly writable: boolean;
  /** Bytes written that the operating system has not taken yet. */
  readonly pendingBytes: number;
  /** Must be called once, before anything can arrive. */
  attach(handlers: DuplexHandlers): void;
  write(bytes: Uint8Array): void;
  pause(): void;
  resume(): void;
  /** Ends the pipe at once; what the peer has not taken is lost. */
  close(reason: LinkEndReason): void;
}
