import type { AnswerFate, LinkEndReason, Observe } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import { OPCODE } from '../protocol/actions';
import { decodeMeshPage } from '../protocol/mesh-info';
import { REPLY, type InnerFrame } from '../protocol/inner-frame';
import { OpenExchange, type ExchangePort } from './open-exchange';
import type { Exchange, ExchangeListener } from './link';

/** More unanswered requests of its own a session does not remember; their receipts then count as orphans. */
const MAX_OWN_REQUESTS = 64;

interface PastRequest {
  readonly messageId: number;
  readonly sequence: number;
  readonly opcode: number | undefined;
}

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
  /** Those that may transmit. All of one transport. */
  private readonly open = new Set<OpenExchange>();
  private owner: TransportName | undefined;
  private readonly byMessageId = new Map<number, OpenExchange[]>();
  private readonly bySequence = new Map<number, OpenExchange>();
  /** Message ids of what the session itself asked; a device answers those too. */
  private readonly ownRequests = new Set<number>();
  /** The last exchanges that were closed, to tell an answer that is late from one that nobody asked for. */
  private readonly past: PastRequest[] = [];

  constructor(
    private readonly port: ExchangePort,
    private readonly observe: Observe,
  ) {}

  openExchange(transport: TransportName, listeners: readonly ExchangeListener[]): Exchange {
    if (this.open.size > 0 && this.owner !== transport) {
      throw new Error(`${transport} may not write while ${this.owner} has ${this.open.size} exchanges open`);
    }
    this.owner = transport;
    const exchange = new OpenExchange({ transport, listeners, port: this.port, shelf: this });
    this.open.add(exchange);
    return exchange;
  }

  /** Returns the milliseconds since the transmission that this receipt answers, or undefined for an orphan. */
  receipt(messageId: number, routed: TransportName): number | undefined {
    if (this.ownRequests.delete(messageId)) return undefined;
    const candidates = this.byMessageId.get(messageId);
    const exchange = candidates?.find((candidate) => candidate.awaitsReceipt) ?? candidates?.at(-1);
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
    const candidate = this.bySequence.get(frame.sequence);
    const exchange = candidate?.opcode === frame.opcode ? candidate : undefined;
    const fate = exchange
      ? matchedOr(exchange.awaitsReply)
      : this.unmatched((past) => past.sequence === frame.sequence && past.opcode === frame.opcode);
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
    for (const exchange of [...this.open]) exchange.drained();
  }

  /** The connection is gone: everyone who still waits is told once. */
  end(reason: LinkEndReason): void {
    const waiting = new Set([...this.open, ...[...this.byMessageId.values()].flat()]);
    for (const exchange of waiting) exchange.end(reason);
  }

  /** Called before the bytes leave, because the answer may arrive before anything else happens. */
  place(exchange: OpenExchange, messageId: number, sequence: number): void {
    const sharers = this.byMessageId.get(messageId);
    if (sharers) sharers.push(exchange);
    else this.byMessageId.set(messageId, [exchange]);
    this.bySequence.set(sequence, exchange);
  }

  release(exchange: OpenExchange): void {
    this.open.delete(exchange);
  }

  remove(exchange: OpenExchange, messageId: number, sequence: number): void {
    const others = this.byMessageId.get(messageId)?.filter((other) => other !== exchange) ?? [];
    if (others.length > 0) this.byMessageId.set(messageId, others);
    else this.byMessageId.delete(messageId);
    if (this.bySequence.get(sequence) === exchange) this.bySequence.delete(sequence);
    this.past.push({ messageId, sequence, opcode: exchange.opcode });
    if (this.past.length > MAX_PAST) this.past.shift();
  }

  private unmatched(isOf: (past: PastRequest) => boolean): AnswerFate {
    return this.past.some(isOf) ? 'late' : 'orphaned';
  }
}

/** An exchange that has its answer already gets the answer to a repeat: harmless, and worth counting. */
function matchedOr(awaited: boolean): AnswerFate {
  return awaited ? 'matched' : 'double';
}
