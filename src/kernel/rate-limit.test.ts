import fc from 'fast-check';
import { ManualClock } from './manual-clock';
import { RateLimit } from './rate-limit';

function takenOf(limit: RateLimit, tries: number): number {
  return Array.from({ length: tries }, () => limit.take()).filter(Boolean).length;
}

describe('RateLimit', () => {
  it('allows its burst at once, and then so many a second', () => {
    const clock = new ManualClock();
    const limit = new RateLimit({ perSecond: 10, burst: 3 }, clock);
    expect(takenOf(limit, 9)).toBe(3);
    clock.advance(200);
    expect(takenOf(limit, 9)).toBe(2);
  });

  it('saves no more than its burst', () => {
    const clock = new ManualClock();
    const limit = new RateLimit({ perSecond: 10, burst: 3 }, clock);
    clock.advance(60_000);
    expect(takenOf(limit, 99)).toBe(3);
  });

  it('never allows more than burst and rate together, however the tries are spread', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(pauses, (spread) => {
        const clock = new ManualClock();
        const limit = new RateLimit({ perSecond: 20, burst: 5 }, clock);
        let taken = 0;
        for (const pause of spread) {
          clock.advance(pause);
          taken += takenOf(limit, 3);
        }
        expect(taken).toBeLessThanOrEqual(5 + (20 * clock.now()) / 1000);
      }),
    );
  });

  it('says how long to wait after more has happened than it allows', () => {
    const clock = new ManualClock();
    const limit = new RateLimit({ perSecond: 100, burst: 10 }, clock);
    expect(limit.charge(10)).toBe(0);
    expect(limit.charge(50)).toBe(500);
    clock.advance(500);
    expect(limit.charge(0)).toBe(0);
  });
});
