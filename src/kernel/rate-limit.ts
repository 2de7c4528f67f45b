import type { Clock } from './clock';

export interface RateLimitSettings {
  readonly perSecond: number;
  /** How many may come at once after a quiet time. */
  readonly burst: number;
}

/** A token bucket over time: so many a second, and a burst after a pause. */
export class RateLimit {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly settings: RateLimitSettings,
    private readonly clock: Clock,
  ) {
    this.tokens = settings.burst;
    this.filledAt = clock.now();
  }

  /** Whether one more is allowed now; counts it when it is. */
  take(): boolean {
    this.fill();
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** Counts what has happened already, and says for how many milliseconds nothing more should happen. */
  charge(count: number): number {
    this.fill();
    this.tokens -= count;
    return this.tokens >= 0 ? 0 : (-this.tokens / this.settings.perSecond) * 1000;
  }

  private fill(): void {
    const now = this.clock.now();
    const earned = ((now - this.filledAt) / 1000) * this.settings.perSecond;
    this.tokens = Math.min(this.tokens + earned, this.settings.burst);
    this.filledAt = now;
  }
}
