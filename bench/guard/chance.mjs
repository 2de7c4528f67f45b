// Random counts from the product's own seeded generator.
import { built } from '../lib/product.mjs';

const { seededRandom } = built('kernel/random');

/** Above this mean a Poisson count is drawn from the normal distribution: only for exposure, where it cannot matter. */
const NORMAL_FROM = 60;

/** @param {number} seed */
export function chance(seed) {
  const source = seededRandom(seed);
  const next = () => source.next();

  function normal() {
    return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  }

  function poisson(mean) {
    if (mean <= 0) return 0;
    if (mean > NORMAL_FROM) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const least = Math.exp(-mean);
    let count = 0;
    for (let product = next(); product > least; product *= next()) count += 1;
    return count;
  }

  /** How many of `count` fall into a part of the time that is `share` of it. */
  function binomial(count, share) {
    if (count > NORMAL_FROM) {
      const drawn = Math.round(count * share + Math.sqrt(count * share * (1 - share)) * normal());
      return Math.min(count, Math.max(0, drawn));
    }
    let hits = 0;
    for (let one = 0; one < count; one += 1) if (next() < share) hits += 1;
    return hits;
  }

  return { next, poisson, binomial, below: (count) => Math.floor(next() * count) };
}

/** A seed of its own for each run of each cell. */
export function seedOf(seed, ...parts) {
  let hash = seed >>> 0;
  for (const char of parts.join('/')) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}
