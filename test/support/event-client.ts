import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { EventReader } from '../../src/cli/event-reader';
import { until } from './application';

export interface SeenEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A client of the event stream that keeps everything it is told. */
export class EventClient {
  readonly events: SeenEvent[] = [];
  /** Comments and messages, as they crossed the wire. */
  text = '';
  ended = false;
  private readonly reader = new EventReader();

  private constructor(
    private readonly asked: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.text += chunk;
      for (const { event, id, data } of this.reader.take(chunk))
        this.events.push({ event, id, data: JSON.parse(data) });
    });
    response.on('close', () => (this.ended = true));
    response.on('error', () => (this.ended = true));
  }

  /** Resolves when the answer begins. */
  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventClient> {
    return new Promise((resolve, reject) => {
      const asked = request(new URL('/v1/rollout/events', url), { headers });
      asked.on('response', (response) => resolve(new EventClient(asked, response)));
      asked.on('error', reject);
      asked.end();
    });
  }

  /** The kinds of what came, in order, with the revision. */
  get order(): string[] {
    return this.events.map(({ event, id }) => (id === undefined ? event : `${event} ${id}`));
  }

  /** Resolves when so many messages of a kind have come. */
  seen(event: string, count = 1): Promise<void> {
    return until(() => this.events.filter((seen) => seen.event === event).length >= count);
  }

  close(): void {
    this.asked.destroy();
  }
}
