import type { Server, ServerResponse } from 'node:http';
import { sleep, type Clock } from '../kernel/clock';

/** Nobody came for so long: whoever uses this process has understood that it goes. */
const QUIET_MS = 250;
/** So long clients that come all the same are told to go elsewhere. */
const LONGEST_VISITS_MS = 3_000;
/** So long an answer that is being made may take; what takes longer is cut off. */
const LONGEST_ANSWER_MS = 2_000;
const LOOK_MS = 10;

/**
 * Takes leave of HTTP clients: while the process stops, each answer says that the connection ends with it. Connections
 * that nobody uses, and those that wait to be taken, are cut when nobody has come for a while and not before, because a
 * request that is on its way at that moment would be lost. Streams without an end are not waited for.
 */
export class Parting {
  private readonly open = new Set<ServerResponse>();
  private leaving = false;
  private visitedAt = -Infinity;

  constructor(
    private readonly server: Server,
    private readonly clock: Clock,
  ) {
    // Before the one that answers, because headers must be set by then.
    server.prependListener('request', (_request, response) => {
      this.open.add(response);
      response.once('close', () => this.open.delete(response));
      if (!this.leaving) return;
      this.visitedAt = clock.now();
      response.setHeader('connection', 'close');
    });
  }

  /** From now on no connection is kept for a request after this one. */
  begin(): void {
    this.leaving = true;
    for (const response of this.open) if (!response.headersSent) response.setHeader('connection', 'close');
  }

  /** Resolves when the connections may be cut. */
  async done(): Promise<void> {
    const { clock, server } = this;
    if (!server.listening) return;
    await this.until(() => clock.now() - this.visitedAt > QUIET_MS, LONGEST_VISITS_MS);
    server.close();
    await this.until(() => !this.answering(), LONGEST_ANSWER_MS);
  }

  private async until(condition: () => boolean, longestMs: number): Promise<void> {
    const { clock } = this;
    const until = clock.now() + longestMs;
    while (!condition() && clock.now() < until) await sleep(clock, LOOK_MS);
  }

  private answering(): boolean {
    return [...this.open].some(
      (response) => !String(response.getHeader('content-type') ?? '').startsWith('text/event-stream'),
    );
  }
}
