import type { LinkEndReason } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import type { MeshPage } from '../protocol/mesh-info';
import type { Exchange, ExchangeListener, ExchangeRequest } from './link';

/** What an exchange needs of its connection. */
export interface ExchangePort {
  readonly writable: boolean;
  now(): number;
  transmit(transport: TransportName, request: ExchangeRequest): void;
}

/** Where exchanges are found when answers arrive. */
export interface ExchangeShelf {
  remove(exchange: OpenExchange): void;
}

export interface OpenExchangeParts {
  readonly transport: TransportName;
  readonly listeners: readonly ExchangeListener[];
  readonly port: ExchangePort;
  readonly shelf: ExchangeShelf;
}

/** `released`: may not transmit any more, but answers are still matched. */
type Stage = 'open' | 'released' | 'closed';

/** The conversation about one command, on one connection. */
export class OpenExchange implements Exchange {
  readonly transport: TransportName;
  private stage: Stage = 'open';
  private transmitted: ExchangeRequest | undefined;
  private transmittedAt = 0;
  private unreceipted = 0;
  private replied = false;

  constructor(private readonly parts: OpenExchangeParts) {
    this.transport = parts.transport;
  }

  get writable(): boolean {
    return this.parts.port.writable;
  }

  get awaitsReceipt(): boolean {
    return this.unreceipted > 0;
  }

  get awaitsReply(): boolean {
    return !this.replied;
  }

  /** Whether it may transmit. */
  get isOpen(): boolean {
    return this.stage === 'open';
  }

  /** What was transmitted, if anything was. */
  get request(): ExchangeRequest | undefined {
    return this.transmitted;
  }

  transmit(request: ExchangeRequest): void {
    if (this.stage !== 'open') return;
    if (this.transmitted && this.transmitted !== request)
      throw new Error('an exchange transmits its one request, again if need be');
    // Before the bytes leave, because the answer may arrive before anything else happens.
    this.transmitted = request;
    this.unreceipted += 1;
    this.transmittedAt = this.parts.port.now();
    for (const listener of this.parts.listeners) listener.transmitted?.(this.transmittedAt);
    this.parts.port.transmit(this.transport, request);
  }

  release(): void {
    if (this.stage === 'open') this.stage = 'released';
  }

  close(): void {
    if (this.stage === 'closed') return;
    this.stage = 'closed';
    this.parts.shelf.remove(this);
  }

  /** Returns the milliseconds since the last transmission. */
  receipt(): number {
    const at = this.parts.port.now();
    this.unreceipted = Math.max(this.unreceipted - 1, 0);
    for (const listener of this.parts.listeners) listener.receipt?.(at);
    return at - this.transmittedAt;
  }

  reply(status: number): number {
    const at = this.parts.port.now();
    this.replied = true;
    for (const listener of this.parts.listeners) listener.reply?.(status, at);
    return at - this.transmittedAt;
  }

  page(page: MeshPage): number {
    const at = this.parts.port.now();
    for (const listener of this.parts.listeners) listener.page?.(page, at);
    return at - this.transmittedAt;
  }

  drained(): void {
    for (const listener of this.parts.listeners) listener.drained?.();
  }

  end(reason: LinkEndReason): void {
    if (this.stage === 'closed') return;
    const at = this.parts.port.now();
    for (const listener of this.parts.listeners) listener.ended?.(reason, at);
    this.close();
  }
}
