/** @typedef {{ median: number, min: number, max: number }} Spread */

/** @param {readonly number[]} values @returns {Spread} */
export function spreadOf(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return { median: at(sorted, 0.5), min: sorted[0], max: sorted[sorted.length - 1] };
}

/**
 * What all but the outermost tenth at each end lie between.
 * @param {readonly number[]} values
 */
export function middleOf(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return { low: at(sorted, 0.1), high: at(sorted, 0.9) };
}

/**
 * The value below which a share of the samples lies. Sorts in place.
 * @param {Float64Array} samples @param {number} share
 */
export function percentile(samples, share) {
  return at(samples.sort(), share);
}

/** @param {ArrayLike<number>} sorted @param {number} share */
function at(sorted, share) {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.ceil(place);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
