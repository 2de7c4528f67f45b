import fc from 'fast-check';
import { seededRandom } from './random';
import { retryDelay, retryDelays } from './retry-schedule';

const still = { next: () => 0 };

describe('a retry schedule', () => {
  it('doubles its pauses up to the cap', () => {
    const settings = { baseMs: 250, capMs: 2_000, jitterMs: 100, retries: 6 };
    expect([...retryDelays(settings, still)]).toEqual([250, 500, 1_000, 2_000, 2_000, 2_000]);
  });

  it('has no pause when no retry is allowed', () => {
    expect([...retryDelays({ baseMs: 1, capMs: 1, jitterMs: 0, retries: 0 }, still)]).toEqual([]);
  });

  it('never pauses less than its step, nor as long as the cap and the whole jitter', () => {
    const settings = fc.record({
      baseMs: fc.integer({ min: 1, max: 1_000 }),
      capMs: fc.integer({ min: 1, max: 10_000 }),
      jitterMs: fc.integer({ min: 1, max: 500 }),
      retries: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(settings, fc.integer(), (schedule, seed) => {
        const pauses = [...retryDelays(schedule, seededRandom(seed))];
        expect(pauses).toHaveLength(schedule.retries);
        pauses.forEach((pause, retry) => {
          const step = Math.min(schedule.baseMs * 2 ** retry, schedule.capMs);
          expect(pause).toBeGreaterThanOrEqual(step);
          expect(pause).toBeLessThan(step + schedule.jitterMs);
        });
      }),
    );
  });

  it('adds jitter above the cap too, so that a fleet which waits the longest does not redial in step', () => {
    const settings = { baseMs: 1_000, capMs: 1_000, jitterMs: 100, retries: 1 };
    expect(retryDelay(settings, 20, { next: () => 0.5 })).toBe(1_050);
  });
});
