/* eslint-disable no-control-regex -- Looking for them is the point. */
import fc from 'fast-check';
import { printable, printableJson } from './printable';

describe('printable', () => {
  it.each([
    ['a colour', '\u001b[31mred\u001b[0m', 'red'],
    ['a cleared screen', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['a new title of the window', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a link that shows another address', '\u001b]8;;http://evil\u001b\\safe\u001b]8;;\u001b\\', 'safe'],
    ['sequences of one byte', 'a\u009b31mb\u009d0;x\u009cc', 'abc'],
    ['a reset', 'a\u001bcb', 'ab'],
    ['line breaks', 'one\r\ntwo\u2028three', 'one two three'],
    ['a bell, a backspace and a null', 'a\u0007\u0008\u0000b', 'ab'],
    ['text that runs backwards', 'abc\u202ecba', 'abccba'],
    ['what cannot be seen', 'a\u200bb\ufeff', 'ab'],
  ])('takes %s away', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves what people write as it is', () => {
    const text = 'Küche: 10 % → 25 % “fine” 照明 🙂';
    expect(printable(text)).toBe(text);
  });

  it('leaves no control character of whatever comes, and changes nothing the second time', () => {
    const part = fc.constantFrom(
      '\u001b',
      '[',
      ']',
      'P',
      ';',
      '0',
      'm',
      '\u009b',
      '\u0007',
      '\n',
      '\u202e',
      'a',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const shown = printable(parts.join(''));
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
        expect(printable(shown)).toBe(shown);
      }),
    );
  });

  it('cleans every text in a document, names too, and keeps its shape', () => {
    const dirty = { 'a\u001b[1m': ['\u0007x', 1, null, true, { b: 'y\u0000' }] };
    expect(printableJson(dirty)).toEqual({ a: ['x', 1, null, true, { b: 'y' }] });
  });
});
