import fc from 'fast-check';
import { sampleValue } from './sample-value';

describe('a value of an answer', () => {
  test.each([
    ['0', 0],
    ['-0', 0],
    ['1.5', 1.5],
    ['1e3', 1_000],
    ['+4', 4],
    ['5e-324', 5e-324],
    ['.5', 0.5],
    ['12.', 12],
  ])('%j is the number %d', (text, value) => {
    expect(sampleValue(text)).toEqual({ kind: 'number', value });
  });

  test.each(['NaN', '+Inf', '-Inf', 'Inf', '1e309', '-1e309', '', ' ', '0x10', '1_000', '1,5', 'null', '١'])(
    '%j is no number, and not zero',
    (text) => {
      expect(sampleValue(text).kind).toBe('unusable');
    },
  );

  test.each([0, 1, null, undefined, {}, [], true])('%j is not text', (value) => {
    expect(sampleValue(value).kind).toBe('unusable');
  });

  test('is what Prometheus wrote, for every number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(sampleValue(String(value))).toEqual({ kind: 'number', value: value + 0 });
      }),
    );
  });

  test('is never a number that is not finite, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const sample = sampleValue(text);
        expect(sample.kind === 'unusable' || Number.isFinite(sample.value)).toBe(true);
      }),
    );
  });
});
