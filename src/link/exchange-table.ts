import type { LinkEndReason, Observe } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import { REPLY, type InnerFrame } from '../protocol/inner-frame';
import type { Exchange, ExchangeListener, ExchangeRequest } from './link';

/** What an exchange needs of its connection. */
export interface ExchangePort {
  readonly writable: boolean;
  now(): number;
  transmit(transport: TransportName, request: ExchangeRequest): void;
}

/**
 * Matches what a device answers to the exchange it belongs to: 0x7B by message id, F9 by inner sequence and
 * opcode (protocol 5.1). Legacy's message id is always 0, so its receipts match the exchange that is open with
 * that id; window 1 makes it the only one.
 */
export class ExchangeTable {
  private readonly byMessageId = new Map<number, OpenExchange>();
  private readonly bySequence = new Map<number, OpenExchange>();
  private readonly open = new Set<OpenExchange>();
  private owner: TransportName | undefined;

  constructor(
    private readonly port: ExchangePort,
    private readonly observe: Observe,
  ) {}

  openExchange(transport: TransportName, listeners: readonly ExchangeListener[]): Exchange {
    if (this.open.size > 0 && this.owner !== transport) {
      throw new Error(`${transport} may not write while ${this.owner} has ${this.open.size} exchanges open`);
    }
    this.owner = transport;
    const exchange = new OpenExchange(transport, listeners, this.port, this);
    this.open.add(exchange);
    return exchange;
  }

  /** Returns the milliseconds since the transmission that this receipt answers, or undefined for an orphan. */
  receipt(messageId: number, routed: TransportName): number | undefined {
    const exchange = this.byMessageId.get(messageId);
    this.count('receipt', exchange, routed);
    return exchange?.receipt();
  }

  /** Likewise for an F9; the frame must be a reply. */
  reply(frame: InnerFrame, routed: TransportName): number | undefined {
    const candidate = this.bySequence.get(frame.sequence);
    const exchange = candidate?.opcode === frame.opcode ? candidate : undefined;
    this.count('reply', exchange, routed);
    // A reply without a status byte cannot say "ok".
    return exchange?.reply(frame.data[0] ?? 0xff);
  }

  drained(): void {
    for (const exchange of [...this.open]) exchange.drained();
  }

  /** The connection is gone: everyone is told once, and nothing is open any more. */
  end(reason: LinkEndReason): void {
    for (const exchange of [...this.open]) exchange.end(reason);
  }

  index(exchange: OpenExchange, request: ExchangeRequest): void {
    this.byMessageId.set(request.messageId, exchange);
    this.bySequence.set(request.frame.sequence, exchange);
  }

  forget(exchange: OpenExchange, request: ExchangeRequest | undefined): void {
    this.open.delete(exchange);
    if (!request) return;
    if (this.byMessageId.get(request.messageId) === exchange) this.byMessageId.delete(request.messageId);
    if (this.bySequence.get(request.frame.sequence) === exchange)
      this.bySequence.delete(request.frame.sequence);
  }

  private count(
    answer: 'receipt' | 'reply',
    exchange: OpenExchange | undefined,
    routed: TransportName,
  ): void {
    const outcome = exchange ? 'matched' : 'orphaned';
    this.observe({ kind: 'answer', transport: exchange?.transport ?? routed, answer, outcome });
  }
}

/** Whether a frame answers a request, as opposed to reporting something. */
export function isReply(frame: InnerFrame): boolean {
  return frame.direction === REPLY;
}

class OpenExchange implements Exchange {
  private request: ExchangeRequest | undefined;
  private transmittedAt = 0;
  private closed = false;

  constructor(
    readonly transport: TransportName,
    private readonly listeners: readonly ExchangeListener[],
    private readonly port: ExchangePort,
    private readonly table: ExchangeTable,
  ) {}

  get writable(): boolean {
    return this.port.writable;
  }

  get opcode(): number | undefined {
    return this.request?.frame.opcode;
  }

  transmit(request: ExchangeRequest): void {
    if (this.closed) return;
    if (this.request && this.request !== request) throw new Error('an exchange repeats its one request');
    // The answer may arrive before anything else happens, so the waiter is registered before the bytes leave.
    this.table.index(this, request);
    this.request = request;
    this.transmittedAt = this.port.now();
    this.port.transmit(this.transport, request);
    for (const listener of this.listeners) listener.transmitted?.(this.transmittedAt);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.table.forget(this, this.request);
  }

  receipt(): number {
    const at = this.port.now();
    for (const listener of this.listeners) listener.receipt?.(at);
    return at - this.transmittedAt;
  }

  reply(status: number): number {
    const at = this.port.now();
    for (const listener of this.listeners) listener.reply?.(status, at);
    return at - this.transmittedAt;
  }

  drained(): void {
    for (const listener of this.listeners) listener.drained?.();
  }

  end(reason: LinkEndReason): void {
    this.close();
    const at = this.port.now();
    for (const listener of this.listeners) listener.ended?.(reason, at);
  }
}
