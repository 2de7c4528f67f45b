import { LRUCache } from 'lru-cache';
import type { Clock } from '../kernel/clock';
import { AppError } from '../kernel/errors';

export interface IdempotencySettings {
  readonly ttlMs: number;
  readonly limit: number;
}

interface Kept<T> {
  readonly fingerprint: string;
  readonly answer: Promise<T>;
}

/**
 * Answers a repeated request with the answer of the first, while that one is under way too. Kept by this process
 * alone, for a bounded time and number of keys.
 */
export class Idempotency<T> {
  private readonly kept: LRUCache<string, Kept<T>>;

  /** `isFinal` says whether an answer is kept; after another one the caller may try again with the same key. */
  constructor(
    settings: IdempotencySettings,
    clock: Clock,
    private readonly isFinal: (answer: T) => boolean = () => true,
  ) {
    this.kept = new LRUCache({ max: settings.limit, ttl: settings.ttlMs, ttlResolution: 0, perf: clock });
  }

  /** `fingerprint` says what was asked: another one under the same key is refused. */
  once(key: string, fingerprint: string, ask: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key);
    if (!known) {
      const answer = ask();
      this.kept.set(key, { fingerprint, answer });
      const forget = (): void => this.forget(key, answer);
      // A refusal is no answer at all.
      answer.then((given) => (this.isFinal(given) ? undefined : forget()), forget);
      return answer;
    }
    if (known.fingerprint !== fingerprint) {
      throw new AppError('idempotency.mismatch', 'this Idempotency-Key was used for another command');
    }
    return known.answer;
  }

  /** By now the key may have expired and stand for another request. */
  private forget(key: string, answer: Promise<T>): void {
    if (this.kept.peek(key)?.answer === answer) this.kept.delete(key);
  }
}
