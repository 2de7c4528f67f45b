import { instantOf, timestampOf } from './capture-time';

describe('the time of a capture', () => {
  it.each([
    ['2025-11-06T08:20:40.005881', Date.UTC(2025, 10, 6, 8, 20, 40) + 5.881],
    ['2025-11-06T10:01:09.052Z', Date.UTC(2025, 10, 6, 10, 1, 9) + 52],
    ['2025-11-06 10:01:09', Date.UTC(2025, 10, 6, 10, 1, 9)],
    ['2025-11-06T10:01:09-06:00', Date.UTC(2025, 10, 6, 16, 1, 9)],
  ])('is read from %s to the microsecond', (ts, instant) => {
    expect(instantOf(ts)).toBeCloseTo(instant, 3);
  });

  it.each(['', 'yesterday', '2025-99-06T10:01:09', '10:01:09'])('is not read from "%s"', (ts) => {
    expect(instantOf(ts)).toBeUndefined();
  });

  it('is written to the microsecond and read back', () => {
    const instant = Date.UTC(2026, 0, 2, 3, 4, 5) + 6.75;
    expect(timestampOf(instant)).toBe('2026-01-02T03:04:05.006750Z');
    expect(instantOf(timestampOf(instant))).toBeCloseTo(instant, 3);
  });
});
