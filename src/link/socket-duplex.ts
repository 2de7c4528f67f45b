import type { Socket } from 'node:net';
import type { LinkEndReason } from '../kernel/facts';
import type { Duplex, DuplexHandlers } from './duplex';

/** The most that Node reads at once: whoever fills it has more to say. */
const FULL_READ_BYTES = 65_536;

/**
 * A socket as a Duplex. What one turn of the event loop writes goes to the kernel in one piece: one write per
 * packet costs four to eight times the throughput.
 */
export class SocketDuplex implements Duplex {
  readonly remote: string;
  private batch: Uint8Array[] = [];
  private batchBytes = 0;
  private ending: LinkEndReason | undefined;
  private paused = false;

  constructor(
    private readonly socket: Socket,
    readonly encrypted: boolean,
  ) {
    this.remote = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
  }

  get writable(): boolean {
    return !this.socket.writableNeedDrain;
  }

  get pendingBytes(): number {
    return this.socket.writableLength + this.batchBytes;
  }

  attach(handlers: DuplexHandlers): void {
    this.socket.on('data', (chunk) => {
      handlers.data(chunk);
      if (chunk.length >= FULL_READ_BYTES) this.giveWay();
    });
    this.socket.on('drain', () => handlers.drained());
    // Without a listener an 'error' would end the process; 'close' always follows it.
    this.socket.on('error', () => (this.ending ??= 'socket_error'));
    this.socket.on('end', () => this.close('peer_closed'));
    let told = false;
    const tellClosed = (): void => {
      if (!told) handlers.closed(this.ending ?? 'peer_closed');
      told = true;
    };
    this.socket.on('close', tellClosed);
    // Whether the 'close' of a destroyed socket is still ahead, the socket does not say.
    if (this.socket.destroyed) tellClosed();
  }

  write(bytes: Uint8Array): void {
    if (this.batch.length === 0) setImmediate(this.flush);
    this.batch.push(bytes);
    this.batchBytes += bytes.length;
    // Much may be read and answered within one turn; whether the peer takes the answers must show before its end.
    if (this.batchBytes >= this.socket.writableHighWaterMark) this.flush();
  }

  pause(): void {
    this.paused = true;
    this.socket.pause();
  }

  resume(): void {
    this.paused = false;
    this.socket.resume();
  }

  close(reason: LinkEndReason): void {
    this.ending ??= reason;
    this.socket.destroy();
  }

  /** One turn may read 32 times from one socket; who writes without end must not keep the others waiting for that. */
  private giveWay(): void {
    this.socket.pause();
    setImmediate(() => {
      if (!this.paused) this.socket.resume();
    });
  }

  private readonly flush = (): void => {
    const { batch, batchBytes } = this;
    if (batch.length === 0) return;
    this.batch = [];
    this.batchBytes = 0;
    if (this.socket.writable)
      this.socket.write(batch.length === 1 ? (batch[0] as Uint8Array) : Buffer.concat(batch, batchBytes));
  };
}
