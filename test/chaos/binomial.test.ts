import { leastLikely } from './binomial';

describe('the first percentile of a binomial distribution', () => {
  it.each([
    [{ trials: 10, chance: 0.5, share: 0.01 }, 1],
    [{ trials: 10, chance: 0.5, share: 0.6 }, 5],
    [{ trials: 100, chance: 0.5, share: 0.5 }, 50],
    [{ trials: 5_000, chance: 0.99, share: 0.01 }, 4_933],
  ])('of %j is %d', (about, quantile) => {
    expect(leastLikely(about)).toBe(quantile);
  });
});
