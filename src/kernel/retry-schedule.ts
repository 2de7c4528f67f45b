import type { Random } from './random';

export interface RetrySettings {
  /** Pause before the first retry, in milliseconds; it doubles with each further one. */
  readonly baseMs: number;
  /** No pause is longer than this, jitter apart. */
  readonly capMs: number;
  /** A uniform share in [0, jitterMs) is added so that a fleet does not retry in step. */
  readonly jitterMs: number;
  /** How many retries there are at most. */
  readonly retries: number;
}

/** The pauses between attempts, one per retry allowed. */
export function* retryDelays(settings: RetrySettings, random: Random): Generator<number> {
  for (let retry = 0; retry < settings.retries; retry += 1) yield retryDelay(settings, retry, random);
}

/** The pause before retry number `retry` (0 is the first). */
export function retryDelay(settings: RetrySettings, retry: number, random: Random): number {
  return Math.min(settings.baseMs * 2 ** retry, settings.capMs) + random.next() * settings.jitterMs;
}
