import { NO_TIMER, type Cancel, type Clock } from '../../kernel/clock';
import { Refusal } from '../refusal';
import { HEARTBEAT, messageText, retryText, type EventMessage } from './event-message';

/** The connection of one client, as far as a stream of events needs it. */
export interface EventSink {
  write(text: string): void;
  /** Bytes written that the client has not taken yet. */
  readonly unreadBytes: number;
  /** Ends in good order. */
  end(): void;
  /** Ends at once; what is unread is lost. */
  destroy(): void;
}

export interface EventClient {
  readonly sink: EventSink;
  /** Whether who opened it may still read. A token that is taken away ends its streams. */
  readonly isStillAllowed: () => boolean;
}

export interface EventStreamSettings {
  readonly eventStreams: number;
  readonly eventBufferBytes: number;
  readonly heartbeatMs: number;
}

const RETRY_MS = 2_000;

/**
 * The clients that read events: a bounded number, each with a bounded buffer. Nothing waits for a client; one that
 * reads too slowly is sent away, comes back, and is told where things stand then.
 */
export class EventStreams {
  private readonly clients = new Set<EventClient>();
  private cancelHeartbeat = NO_TIMER;
  private closed = false;

  constructor(
    private readonly settings: EventStreamSettings,
    private readonly clock: Clock,
  ) {}

  get size(): number {
    return this.clients.size;
  }

  /** Throws a refusal when no more clients are taken. */
  checkRoom(): void {
    if (this.closed) throw new Refusal(503, 'draining', 'this process is about to stop; ask another');
    if (this.clients.size < this.settings.eventStreams) return;
    const { eventStreams } = this.settings;
    throw new Refusal(
      503,
      'events.too_many',
      `${eventStreams} clients read the events already; poll instead`,
    );
  }

  /** From here on the client gets everything, `first` before all else. The answer takes it out again. */
  join(client: EventClient, first: readonly EventMessage[]): Cancel {
    if (this.clients.size === 0) this.beat();
    this.clients.add(client);
    client.sink.write(`${retryText(RETRY_MS)}${first.map(messageText).join('')}`);
    return () => this.remove(client);
  }

  broadcast(message: EventMessage): void {
    if (this.clients.size > 0) this.send(messageText(message));
  }

  /** Says farewell to all, and takes no more. */
  close(): void {
    this.closed = true;
    const farewell = messageText({ event: 'end', data: { why: 'this process is about to stop' } });
    for (const client of [...this.clients]) {
      client.sink.write(farewell);
      client.sink.end();
      this.remove(client);
    }
  }

  private send(text: string): void {
    const { eventBufferBytes } = this.settings;
    for (const client of [...this.clients]) {
      if (client.sink.unreadBytes <= eventBufferBytes) client.sink.write(text);
      else this.sendAway(client);
    }
  }

  private beat(): void {
    this.cancelHeartbeat = this.clock.every(this.settings.heartbeatMs, () => {
      for (const client of [...this.clients]) if (!client.isStillAllowed()) this.sendAway(client);
      this.send(HEARTBEAT);
    });
  }

  private sendAway(client: EventClient): void {
    client.sink.destroy();
    this.remove(client);
  }

  private remove(client: EventClient): void {
    if (!this.clients.delete(client) || this.clients.size > 0) return;
    this.cancelHeartbeat();
  }
}
