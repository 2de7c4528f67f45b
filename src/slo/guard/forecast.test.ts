import { smallestBreakage, timeToSee, timeToSeeTotalFailure } from './forecast';
import { limitsOf } from './limits';
import { rulesFor, SequentialTest } from './sequential-test';

/** At these rates a command of a thousand is bad while nothing is wrong. */
function see(times: number, newPerSecond: number, share: number): number {
  const legacyPerSecond = (newPerSecond * (1 - share)) / share;
  const rates = { firstFailures: (newPerSecond + legacyPerSecond) * 0.001, breakages: 0 };
  const limits = limitsOf({ falseAlarmDays: 100, rules: 5, deciders: 1, share, rates });
  const readings = new SequentialTest(rulesFor([2, 4, 10], 20), limits).readings();
  return (
    timeToSee(times, { newPerSecond, legacyPerSecond, badShare: 0.001 }, { readings, overdueS: 1.5 }) ?? NaN
  );
}

describe('the forecast', () => {
  it('agrees with what simulations took: ten times as many failures', () => {
    // Medians of a hundred simulated runs each: 19, 37 and 800 seconds.
    expect(see(10, 100, 0.1)).toBeGreaterThan(15);
    expect(see(10, 100, 0.1)).toBeLessThan(25);
    expect(see(10, 100, 0.5)).toBeGreaterThan(30);
    expect(see(10, 100, 0.5)).toBeLessThan(50);
    expect(see(10, 100, 0.98)).toBeGreaterThan(500);
    expect(see(10, 100, 0.98)).toBeLessThan(1_000);
  });

  it('takes longer for less, and is silent where it would take weeks', () => {
    expect(see(2, 100, 0.1)).toBeGreaterThan(10 * see(10, 100, 0.1));
    expect(see(2, 0.1, 0.98)).toBeNaN();
  });

  it('gives the smallest breakage that a fleet can show, which is least at about a third', () => {
    const at = (share: number) => smallestBreakage(10.4, 10_000, share) ?? NaN;
    expect(at(0.1)).toBeCloseTo(0.0045, 4);
    expect(at(0.37)).toBeLessThan(Math.min(at(0.1), at(0.9)));
    expect([
      smallestBreakage(10, 1_000, 0),
      smallestBreakage(10, 1_000, 1),
      smallestBreakage(10, 0, 0.5),
    ]).toEqual([undefined, undefined, undefined]);
    expect(smallestBreakage(10, 5, 0.5)).toBe(1);
  });

  it('sees total failure within two seconds at a hundred commands a second, unless the control is small', () => {
    const at = (newPerSecond: number, legacyPerSecond: number) =>
      timeToSeeTotalFailure({ newPerSecond, legacyPerSecond, badShare: 0.001 }, 1.5) ?? NaN;
    expect(at(100, 900)).toBeLessThan(2);
    expect(at(100, 2)).toBeGreaterThan(3);
    expect(at(100, 0)).toBeNaN();
  });
});
