import { boundedFetch } from '../../kernel/bounded-fetch';
import type { Clock } from '../../kernel/clock';
import { vectorOf, type VectorAnswer, type VectorSource } from './vector';

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
export class PrometheusClient implements VectorSource {
  private readonly address: string;

  constructor(private readonly parts: ClientParts) {
    this.address = `${parts.settings.url.replace(/\/+$/, '')}/api/v1/query`;
  }

  /** No instant is ever sent: Prometheus's own clock says what is now. */
  async query(text: string, keys: ReadonlySet<string>): Promise<VectorAnswer> {
    const { timeoutMs, bodyLimitBytes: maxBytes } = this.parts.settings;
    const fetched = await boundedFetch(
      this.address,
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ query: text, timeout: `${timeoutMs}ms` }).toString(),
      },
      { timeoutMs, maxBytes },
    );
    if (fetched.kind === 'unreachable') return { kind: 'failed', why: fetched.why };
    this.noteSkew(fetched.headers.get('date'));
    const answer = vectorOf(fetched.text, keys);
    return fetched.status === 200 ? answer : refused(fetched.status, answer);
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
