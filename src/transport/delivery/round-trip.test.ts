import fc from 'fast-check';
import { RoundTrip } from './round-trip';

const SETTINGS = { floorMs: 250, firstMs: 1_000, capMs: 5_000 };
const OPEN = { floorMs: 0, firstMs: 1_000, capMs: Number.POSITIVE_INFINITY };

function after(samples: readonly number[], settings = SETTINGS): number {
  const roundTrip = new RoundTrip(settings);
  for (const sample of samples) roundTrip.sample(sample);
  return roundTrip.timeoutMs;
}

describe('the time to wait for an answer', () => {
  it('is a fixed one before anything was measured', () => {
    expect(after([])).toBe(1_000);
  });

  it('is three times the first round trip', () => {
    expect(after([100])).toBe(300);
  });

  it('follows RFC 6298 from the second on', () => {
    // Variation 50 → 0.75 · 50 + 0.25 · 100 = 62.5; smoothed 100 → 112.5.
    expect(after([100, 200])).toBe(112.5 + 4 * 62.5);
    // Variation 62.5 → 0.75 · 62.5 + 0.25 · 12.5 = 50; smoothed 112.5 → 110.9375.
    expect(after([100, 200, 100])).toBe(110.9375 + 4 * 50);
  });

  it('keeps to its floor for a quick device and to its cap for a slow one', () => {
    expect(after([1])).toBe(250);
    expect(after([4_000])).toBe(5_000);
  });

  it('settles on a steady round trip', () => {
    expect(after(new Array<number>(200).fill(300))).toBeCloseTo(300, 6);
  });

  it('lies between the bounds, and without them never below the least sample', () => {
    const samples = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(samples, (measured) => {
        const bounded = after(measured);
        expect(bounded).toBeGreaterThanOrEqual(250);
        expect(bounded).toBeLessThanOrEqual(5_000);
        expect(after(measured, OPEN)).toBeGreaterThanOrEqual(Math.min(...measured));
      }),
    );
  });

  it('doubles with each wait that was too short, up to the cap, until something is measured', () => {
    const roundTrip = new RoundTrip(SETTINGS);
    roundTrip.sample(200);
    const learned = roundTrip.timeoutMs;
    roundTrip.backOff();
    expect(roundTrip.timeoutMs).toBe(2 * learned);
    roundTrip.backOff();
    expect(roundTrip.timeoutMs).toBe(4 * learned);
    for (let turn = 0; turn < 20; turn += 1) roundTrip.backOff();
    expect(roundTrip.timeoutMs).toBe(5_000);
    roundTrip.sample(200);
    expect(roundTrip.timeoutMs).toBeLessThan(learned);
  });
});
