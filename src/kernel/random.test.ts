import fc from 'fast-check';
import { randomInteger, seededRandom, systemRandom } from './random';

function draw(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe('a seeded random', () => {
  it('repeats itself for one seed and differs for another', () => {
    expect(draw(42, 100)).toEqual(draw(42, 100));
    expect(draw(42, 100)).not.toEqual(draw(43, 100));
  });

  it('is mulberry32: the first numbers of seed 1', () => {
    expect(draw(1, 3).map((value) => Math.floor(value * 2 ** 32))).toEqual([
      2693262067, 11749833, 2265367787,
    ]);
  });

  it('stays in [0, 1) for every seed, and spreads', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const values = draw(seed, 400);
        expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        // Six standard deviations of the mean of 400 uniform numbers.
        expect(Math.abs(mean - 0.5)).toBeLessThan(0.087);
      }),
    );
  });
});

describe('a random integer', () => {
  it('reaches both ends and nothing beyond them', () => {
    const random = seededRandom(7);
    const seen = new Set(Array.from({ length: 500 }, () => randomInteger(random, 3, 6)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
  });

  it('is the lower end for the least chance and the upper end for the greatest', () => {
    expect(randomInteger({ next: () => 0 }, 1, 0xffff)).toBe(1);
    expect(randomInteger({ next: () => 1 - 2 ** -53 }, 1, 0xffff)).toBe(0xffff);
  });

  it('serves the system too', () => {
    expect([0, 1]).toContain(randomInteger(systemRandom, 0, 1));
  });
});
