import fc from 'fast-check';
import { ManualClock } from '../kernel/manual-clock';
import { seededRandom } from '../kernel/random';
import { spread } from './spread';

describe('spread', () => {
  test('does everything, evenly over the time it has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 500 }), fc.nat(), async (count, seed) => {
        const clock = new ManualClock();
        const moments: number[] = [];
        const act = (due: number): number => {
          for (let turn = 0; turn < due; turn += 1) moments.push(clock.now());
          return due;
        };
        const done = spread({ clock, random: seededRandom(seed), overMs: 5_000, count }, act);
        await clock.advanceAsync(5_000);
        await done;
        expect(moments).toHaveLength(count);
        expect(clock.pendingTimers).toBe(0);
        // In each tenth of the time about a tenth of the things; one step may fall on either side of a border.
        const early = moments.filter((at) => at < 2_500).length;
        expect(Math.abs(early - count / 2)).toBeLessThanOrEqual(1 + (count * 30) / 5_000);
      }),
      { numRuns: 30 },
    );
  });

  test('without a time does everything at once', async () => {
    const clock = new ManualClock();
    const asked: number[] = [];
    const act = (due: number): number => asked.push(due) && due;
    await spread({ clock, random: seededRandom(1), overMs: 0, count: 7 }, act);
    expect(asked).toEqual([7]);
  });

  test('tries again what could not be done, and ends with the time all the same', async () => {
    const clock = new ManualClock();
    let last = 0;
    const act = (due: number): number => {
      last = due;
      return 0;
    };
    const done = spread({ clock, random: seededRandom(1), overMs: 1_000, count: 10 }, act);
    await clock.advanceAsync(1_000);
    await done;
    expect(last).toBe(10);
  });
});
