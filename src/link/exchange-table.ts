import type { AnswerFate, LinkEndReason, Observe } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import { OPCODE } from '../protocol/actions';
import { decodeMeshPage } from '../protocol/mesh-info';
import { REPLY, type InnerFrame } from '../protocol/inner-frame';
import { OpenExchange, type ExchangePort } from './open-exchange';
import type { Exchange, ExchangeListener, ExchangeRequest } from './link';

/** More unanswered requests of its own a session does not remember; their receipts then count as orphans. */
const MAX_OWN_REQUESTS = 64;

const MAX_PAST = 32;

/** A reply without a status byte cannot say "ok". */
const NO_STATUS = 0xff;

function statusOf(frame: InnerFrame): number {
  return frame.data[0] ?? NO_STATUS;
}

/** Some firmware says first that it will answer; the pages come behind (protocol 2.10). */
function meshReply(exchange: OpenExchange, frame: InnerFrame): number | undefined {
  const page = decodeMeshPage(frame.data);
  if (page) return exchange.page(page);
  return statusOf(frame) === 0 ? undefined : exchange.reply(statusOf(frame));
}

/** Whether a frame answers a request, as opposed to reporting something. */
export function isReply(frame: InnerFrame): boolean {
  return frame.direction === REPLY;
}

/**
 * Matches what a device answers to the exchange it belongs to: 0x7B by message id, F9 by inner sequence and
 * opcode (protocol 5.1). Legacy writes message id 0 always, so a receipt goes to the oldest exchange of its id
 * that still lacks one.
 */
export class ExchangeTable {
  /**
   * All that are not closed, in the order in which they were opened; those that may transmit are all of one transport.
   * Not a map: one in which much comes and goes is copied again and again, and once one of its copies is in the old
   * generation, they hold each other, and each exchange that was in them, until a full collection.
   */
  private readonly exchanges: OpenExchange[] = [];
  /** Message ids of what the session itself asked; a device answers those too. */
  private readonly ownRequests = new Set<number>();
  /** The last exchanges that were closed, to tell an answer that is late from one that nobody asked for. */
  private readonly past: ExchangeRequest[] = [];

  constructor(
    private readonly port: ExchangePort,
    private readonly observe: Observe,
  ) {}

  openExchange(transport: TransportName, listeners: readonly ExchangeListener[]): Exchange {
    const open = this.exchanges.find((one) => one.isOpen);
    if (open && open.transport !== transport)
      throw new Error(`${transport} may not write while ${open.transport} has exchanges open`);
    const exchange = new OpenExchange({ transport, listeners, port: this.port, shelf: this });
    this.exchanges.push(exchange);
    return exchange;
  }

  /** Returns the milliseconds since the transmission that this receipt answers, or undefined for an orphan. */
  receipt(messageId: number, routed: TransportName): number | undefined {
    if (this.ownRequests.delete(messageId)) return undefined;
    const isAnswered = (one: OpenExchange): boolean => one.request?.messageId === messageId;
    const exchange =
      this.exchanges.find((one) => isAnswered(one) && one.awaitsReceipt) ??
      this.exchanges.findLast(isAnswered);
    const fate = exchange
      ? matchedOr(exchange.awaitsReceipt)
      : this.unmatched((past) => past.messageId === messageId);
    this.observe({
      kind: 'answer',
      transport: exchange?.transport ?? routed,
      answer: 'receipt',
      outcome: fate,
    });
    return exchange?.receipt();
  }

  /** Likewise for an F9; the frame must be a reply. */
  reply(frame: InnerFrame, routed: TransportName): number | undefined {
    const isAnswered = (request: ExchangeRequest | undefined): boolean =>
      request?.frame.sequence === frame.sequence && request.frame.opcode === frame.opcode;
    const exchange = this.exchanges.find((one) => isAnswered(one.request));
    const fate = exchange ? matchedOr(exchange.awaitsReply) : this.unmatched(isAnswered);
    this.observe({
      kind: 'answer',
      transport: exchange?.transport ?? routed,
      answer: 'reply',
      outcome: fate,
    });
    if (frame.opcode === OPCODE.meshInfo) return exchange && meshReply(exchange, frame);
    return exchange?.reply(statusOf(frame));
  }

  /** The session asked something under this id: its receipt belongs to no command. */
  expectReceipt(messageId: number): void {
    if (this.ownRequests.size < MAX_OWN_REQUESTS) this.ownRequests.add(messageId);
  }

  drained(): void {
    for (const exchange of this.exchanges.filter((one) => one.isOpen)) exchange.drained();
  }

  /** The connection is gone: everyone who still waits is told once. */
  end(reason: LinkEndReason): void {
    for (const exchange of [...this.exchanges]) exchange.end(reason);
  }

  remove(exchange: OpenExchange): void {
    this.exchanges.splice(this.exchanges.indexOf(exchange), 1);
    if (exchange.request) this.past.push(exchange.request);
    if (this.past.length > MAX_PAST) this.past.shift();
  }

  private unmatched(isOf: (past: ExchangeRequest) => boolean): AnswerFate {
    return this.past.some(isOf) ? 'late' : 'orphaned';
  }
}

/** An exchange that has its answer already gets the answer to a repeat: harmless, and worth counting. */
function matchedOr(awaited: boolean): AnswerFate {
  return awaited ? 'matched' : 'double';
}
