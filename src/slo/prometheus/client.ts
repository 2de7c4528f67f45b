import { messageOf } from '../../kernel/errors';
import type { Clock } from '../../kernel/clock';
import { vectorOf, type VectorAnswer } from './vector';

export interface ClientSettings {
  /** Such as http://prometheus:9090, with the prefix under which it is served. */
  readonly url: string;
  /** A query that takes longer is given up. */
  readonly timeoutMs: number;
  /** A longer answer is given up as soon as it is. */
  readonly bodyLimitBytes: number;
}

export interface ClientParts {
  readonly clock: Clock;
  readonly settings: ClientSettings;
  /** How far its clock is ahead of ours, by the Date of an answer. */
  readonly onSkew: (skewMs: number) => void;
}

/** Asks Prometheus for a vector. Whatever goes wrong is an answer that says so; it never rejects and never waits long. */
export class PrometheusClient {
  private readonly address: string;

  constructor(private readonly parts: ClientParts) {
    this.address = `${parts.settings.url.replace(/\/+$/, '')}/api/v1/query`;
  }

  /** No instant is ever sent: Prometheus's own clock says what is now. */
  async query(text: string, keys: ReadonlySet<string>): Promise<VectorAnswer> {
    const { clock, settings } = this.parts;
    const abort = new AbortController();
    const late = new Error(`no answer within ${settings.timeoutMs} ms`);
    const cancel = clock.after(settings.timeoutMs, () => abort.abort(late));
    try {
      const response = await fetch(this.address, {
        method: 'POST',
        body: new URLSearchParams({ query: text, timeout: `${settings.timeoutMs}ms` }),
        redirect: 'error',
        signal: abort.signal,
      });
      this.noteSkew(response.headers.get('date'));
      const body = await this.bodyOf(response, abort);
      const answer = vectorOf(body, keys);
      return response.ok ? answer : refused(response.status, answer);
    } catch (error) {
      return { kind: 'failed', why: abort.signal.aborted ? messageOf(abort.signal.reason) : causeOf(error) };
    } finally {
      cancel();
    }
  }

  /** The body, unless it is longer than it may be: then nothing more of it is taken. */
  private async bodyOf(response: Response, abort: AbortController): Promise<string> {
    const { bodyLimitBytes } = this.parts.settings;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > bodyLimitBytes) {
        abort.abort(new Error(`the answer is longer than ${bodyLimitBytes} bytes`));
        break;
      }
      chunks.push(chunk);
    }
    abort.signal.throwIfAborted();
    return Buffer.concat(chunks).toString('utf8');
  }

  private noteSkew(date: string | null): void {
    const theirs = date === null ? NaN : Date.parse(date);
    if (!Number.isNaN(theirs)) this.parts.onSkew(theirs - this.parts.clock.wallNow());
  }
}

function refused(status: number, answer: VectorAnswer): VectorAnswer {
  const why = answer.kind === 'failed' ? `: ${answer.why}` : '';
  return { kind: 'failed', why: `HTTP ${status}${why}` };
}

/** What fetch says is "fetch failed"; why stands in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : messageOf(cause) || messageOf(error);
}
