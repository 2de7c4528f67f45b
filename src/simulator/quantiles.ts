/**
 * A distribution of durations, as pairs of cumulative probability and milliseconds. The first pair has
 * probability 0 and the last 1; both columns rise.
 */
export type Quantiles = readonly (readonly [probability: number, ms: number])[];

/**
 * The duration at the probability `share` (0…1): the inverse of the cumulative distribution. Between two pairs the
 * logarithm of the duration grows evenly, because round trips spread over decades.
 */
export function quantileAt(quantiles: Quantiles, share: number): number {
  const above = Math.max(
    quantiles.findIndex(([probability]) => probability >= share),
    1,
  );
  const [lowShare, lowMs] = quantiles[above - 1] as readonly [number, number];
  const [highShare, highMs] = quantiles[above] as readonly [number, number];
  const part = (share - lowShare) / (highShare - lowShare);
  return lowMs * (highMs / lowMs) ** part;
}
