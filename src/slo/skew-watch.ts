import type { Observe } from '../kernel/facts';

/** Beyond this, what one of the two clocks says of a day or a window is not to be relied on. */
const SKEW_LIMIT_MS = 30_000;

/** Tells, once each time that it begins, that Prometheus's clock and this machine's are apart. */
export class SkewWatch {
  private skewed = false;

  constructor(private readonly observe: Observe) {}

  note(skewMs: number): void {
    const skewed = Math.abs(skewMs) > SKEW_LIMIT_MS;
    if (skewed && !this.skewed) this.observe({ kind: 'prometheus_clock_skew', skewMs });
    this.skewed = skewed;
  }
}
