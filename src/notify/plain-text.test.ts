import fc from 'fast-check';
import { plainEvidence, plainText } from './plain-text';

const ESC = '\u001b';

describe('plainText', () => {
  test.each([
    ['colours', `${ESC}[31mred${ESC}[0m`, 'red'],
    ['a title for the terminal', `a${ESC}]0;owned\u0007b`, 'ab'],
    ['a link of the terminal', `${ESC}]8;;http://x${ESC}\\click${ESC}]8;;${ESC}\\`, 'click'],
    ['lines of their own', 'one\r\ntwo\n\nthree', 'one two three'],
    ['bells and backspaces', 'a\u0007b\u0008c', 'abc'],
    ['turned text and what is not seen', 'a\u202eb\u200bc\ufeff', 'abc'],
    ['a sequence that is cut off', `a${ESC}[`, 'a'],
    ['ordinary words of any language', 'Lämpchen – 灯 💡', 'Lämpchen – 灯 💡'],
  ])('takes out %s', (_name, text, expected) => {
    expect(plainText(text, 100)).toBe(expected);
  });

  test('cuts what is too long, never through a character', () => {
    expect(plainText('abcdef', 4)).toBe('abc…');
    expect(plainText('ab💡def', 4)).toBe('ab…');
  });

  test('leaves no control character in anything, and keeps its limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const plain = plainText(text, 50);
        expect(plain).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(plain.length).toBeLessThanOrEqual(50);
      }),
    );
  });
});

describe('plainEvidence', () => {
  test('keeps numbers and structure, and cleans text at every depth, names too', () => {
    expect(plainEvidence({ bad: 3, rules: [{ [`a${ESC}[1m`]: `x${ESC}[2Jy` }], none: null })).toEqual({
      bad: 3,
      rules: [{ a: 'xy' }],
      none: null,
    });
  });

  test('cuts what is too deep, too many or too large', () => {
    const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
    expect(JSON.stringify(plainEvidence(deep))).toContain('…');
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`n${at}`, at]));
    expect(Object.keys(plainEvidence(many))).toHaveLength(50);
    const large = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`n${at}`, 'x'.repeat(900)]));
    expect(plainEvidence(large)).toEqual({ left_out: expect.stringContaining('the history has them') });
  });
});
