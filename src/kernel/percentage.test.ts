import fc from 'fast-check';
import { isPercentage, percentageSteps } from './percentage';

describe('a percentage', () => {
  it.each([0, 100, 0.001, 33.333, 99.999, 10, 12.5, 0.07, 1.005, 66.667])('may be %d', (value) => {
    expect(isPercentage(value)).toBe(true);
  });

  it.each([
    '10%',
    '10',
    '',
    '٣',
    true,
    null,
    undefined,
    [10],
    {},
    10n,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    -0.1,
    -1,
    100.0001,
    100.001,
    1e300,
    0.0001,
    33.3333,
    50.0005,
    5e-324,
  ])('may not be %p', (value) => {
    expect(isPercentage(value)).toBe(false);
  });

  it('may be every whole number of thousandths, and none between two of them', () => {
    for (let steps = 0; steps <= 100_000; steps += 1) {
      const value = Number(`${Math.floor(steps / 1_000)}.${String(steps % 1_000).padStart(3, '0')}`);
      if (!isPercentage(value) || percentageSteps(value) !== steps) throw new Error(`${value} is ${steps}`);
    }
    fc.assert(
      fc.property(fc.nat(99_999), fc.integer({ min: 1, max: 99 }), (steps, hundredths) => {
        expect(isPercentage((steps + hundredths / 100) / 1_000)).toBe(false);
      }),
    );
  });

  it('has as many steps as its thousandths, whatever binary fractions do to it', () => {
    fc.assert(
      fc.property(fc.nat(100_000), (steps) => {
        expect(percentageSteps(steps / 1_000)).toBe(steps);
      }),
    );
  });
});
