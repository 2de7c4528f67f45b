import fc from 'fast-check';
import { fromHex, toHex } from './hex';

describe('hex', () => {
  it('gives back the bytes it was made from', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
      }),
    );
  });

  it('shows only the bytes of a view', () => {
    expect(toHex(Uint8Array.of(1, 2, 3, 4).subarray(1, 3))).toBe('0203');
  });

  it('ignores blanks and the case of digits', () => {
    expect(fromHex(' D8 00\t0000\n0a ')).toEqual(Uint8Array.of(0xd8, 0, 0, 0, 0x0a));
  });

  it.each(['0', 'abc', 'zz', '0x12', '12-34', 'ｆｆ'])('refuses %j', (text) => {
    expect(fromHex(text)).toBeUndefined();
  });
});
