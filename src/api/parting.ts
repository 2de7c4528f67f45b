import type { Server, ServerResponse } from 'node:http';
import { sleep, type Clock } from '../kernel/clock';

/** So long a client that has a connection open may still use it and learn that it should go elsewhere. */
const LINGER_MS = 100;
/** So long an answer that is being made may take; what takes longer is cut off. */
const LONGEST_MS = 2_000;
const LOOK_MS = 10;

/**
 * Takes leave of HTTP clients: while the process stops, each answer says that the connection ends with it, and no
 * connection is cut while an answer is on its way. Streams without an end are not waited for.
 */
export class Parting {
  private readonly open = new Set<ServerResponse>();
  /** Somebody still comes here. */
  private visited = false;

  constructor(
    private readonly server: Server,
    private readonly clock: Clock,
    leaving: () => boolean,
  ) {
    // Before the one that answers, because headers must be set by then.
    server.prependListener('request', (_request, response) => {
      this.open.add(response);
      response.once('close', () => this.open.delete(response));
      if (!leaving()) return;
      this.visited = true;
      response.setHeader('connection', 'close');
    });
  }

  /** Resolves when the connections may be cut. */
  async done(): Promise<void> {
    const { clock, server } = this;
    if (!server.listening) return;
    if (this.visited) await sleep(clock, LINGER_MS);
    server.close();
    const until = clock.now() + LONGEST_MS;
    while (this.answering() && clock.now() < until) await sleep(clock, LOOK_MS);
  }

  private answering(): boolean {
    return [...this.open].some(
      (response) => !String(response.getHeader('content-type') ?? '').startsWith('text/event-stream'),
    );
  }
}
