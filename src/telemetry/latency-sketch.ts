/** Each bucket reaches this much further than the one before, so an answer is wrong by a twentieth at most. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** Up to about two minutes; what takes longer is in the last one. */
const BUCKETS = 124;

/** Counts latencies so that quantiles can be told, in a fixed and small space. */
export class LatencySketch {
  private readonly counts = new Uint32Array(BUCKETS);
  private total = 0;

  static sumOf(sketches: readonly LatencySketch[]): LatencySketch {
    const sum = new LatencySketch();
    for (const { counts, total } of sketches) {
      sum.total += total;
      counts.forEach((count, at) => (sum.counts[at] = (sum.counts[at] as number) + count));
    }
    return sum;
  }

  add(milliseconds: number): void {
    const bucket = milliseconds <= 1 ? 0 : Math.ceil(Math.log(milliseconds) / LOG_GROWTH);
    const at = Math.min(bucket, BUCKETS - 1);
    this.counts[at] = (this.counts[at] as number) + 1;
    this.total += 1;
  }

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
  }

  /** Milliseconds within which this share of them was; undefined without any. */
  quantile(share: number): number | undefined {
    if (this.total === 0) return undefined;
    const rank = Math.max(1, Math.ceil(share * this.total));
    let seen = 0;
    const at = this.counts.findIndex((count) => (seen += count) >= rank);
    // The middle of the bucket, as ratios go.
    return at === 0 ? 1 : GROWTH ** (at - 0.5);
  }
}
