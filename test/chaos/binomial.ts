/**
 * The number of successes that `trials` of a binomial distribution fall short of with a probability of at most
 * `share`: its quantile, by adding up the distribution in logarithms.
 */
export function leastLikely({
  trials,
  chance,
  share,
}: {
  trials: number;
  chance: number;
  share: number;
}): number {
  let logTerm = trials * Math.log1p(-chance);
  let below = 0;
  for (let successes = 0; successes <= trials; successes += 1) {
    below += Math.exp(logTerm);
    if (below >= share) return successes;
    logTerm +=
      Math.log(trials - successes) - Math.log(successes + 1) + Math.log(chance) - Math.log1p(-chance);
  }
  return trials;
}
