import fc from 'fast-check';
import { formatDeviceId, isDeviceId, parseDeviceId } from './device-id';

describe('device id', () => {
  it('is eight lower-case digits for every wire value, and leads back to it', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        const id = formatDeviceId(value);
        expect(isDeviceId(id)).toBe(true);
        expect(parseDeviceId(id)).toBe(value);
      }),
    );
  });

  it('keeps the leading zeros', () => {
    expect(formatDeviceId(0x60b1)).toBe('000060b1');
  });

  it.each(['', '3796246', '379624690', '3796246G', '37962469 ', '0x962469', '3987C857', '37962469\n'])(
    'is not %j',
    (text) => {
      expect(isDeviceId(text)).toBe(false);
    },
  );
});
