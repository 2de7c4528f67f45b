import type { LinkEndReason } from '../kernel/facts';
import type { Duplex, DuplexHandlers } from './duplex';

/** One end of a pipe in memory, for tests and simulations that need no ports. Bytes arrive in a microtask. */
export class MemoryDuplex implements Duplex {
  readonly encrypted = false;
  private peer: MemoryDuplex | undefined;
  private handlers: DuplexHandlers | undefined;
  private arrived: Uint8Array[] = [];
  private paused = false;
  private ending: LinkEndReason | undefined;
  private toldEnd = false;
  private pending = 0;
  private blocked = false;

  private constructor(
    readonly remote: string,
    private readonly highWaterBytes: number,
  ) {}

  /** Two connected ends. More than `highWaterBytes` untaken by the peer makes an end unwritable. */
  static pair(highWaterBytes = 16_384): [MemoryDuplex, MemoryDuplex] {
    const first = new MemoryDuplex('memory:1', highWaterBytes);
    const second = new MemoryDuplex('memory:2', highWaterBytes);
    first.peer = second;
    second.peer = first;
    return [first, second];
  }

  get writable(): boolean {
    return !this.blocked;
  }

  get pendingBytes(): number {
    return this.pending;
  }

  attach(handlers: DuplexHandlers): void {
    this.handlers = handlers;
    if (this.ending) queueMicrotask(() => this.tellEnd());
    this.scheduleDelivery();
  }

  write(bytes: Uint8Array): void {
    if (this.ending || !this.peer) return;
    this.pending += bytes.length;
    this.blocked ||= this.pending >= this.highWaterBytes;
    this.peer.arrived.push(bytes);
    this.peer.scheduleDelivery();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.scheduleDelivery();
  }

  close(reason: LinkEndReason): void {
    if (this.ending) return;
    this.end(reason);
    const { peer } = this;
    if (peer) queueMicrotask(() => peer.end('peer_closed'));
  }

  private end(reason: LinkEndReason): void {
    if (this.ending) return;
    this.ending = reason;
    queueMicrotask(() => this.tellEnd());
  }

  private tellEnd(): void {
    if (!this.handlers || !this.ending || this.toldEnd) return;
    this.toldEnd = true;
    this.handlers.closed(this.ending);
  }

  private scheduleDelivery(): void {
    queueMicrotask(() => this.deliver());
  }

  private deliver(): void {
    while (this.handlers && !this.paused && !this.ending) {
      const chunk = this.arrived.shift();
      if (!chunk) return;
      this.handlers.data(chunk);
      this.peer?.taken(chunk.length);
    }
  }

  private taken(count: number): void {
    this.pending -= count;
    if (!this.blocked || this.pending > 0) return;
    this.blocked = false;
    this.handlers?.drained();
  }
}
