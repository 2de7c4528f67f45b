import fc from 'fast-check';
import { onePacketPerType } from '../../test/support/corpus';
import { fromHex, toHex } from '../protocol/hex';
import { SecretMask } from './secret-mask';

const SECRET = '1e07a1b2c3d4e5f6';
const MASKED = '1e07000000000000';
const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;

const login = (secret: string): string => `230000001a03379624690010${ascii(secret)}00003c`;
const appLogin = (secret: string): string => `130000001b0337962469001 0${ascii(secret)}0000b4`;
const HEARTBEAT = 'd300000000';

function masked(...reads: readonly string[]): string[] {
  const mask = new SecretMask();
  return reads.map((hex) => toHex(mask.mask(bytes(hex))));
}

/** The bytes cut at these places. */
function cut(hex: string, places: readonly number[]): string[] {
  const all = bytes(hex);
  const ends = [...places.filter((at) => at <= all.length).sort((a, b) => a - b), all.length];
  return ends.map((end, index) => toHex(all.subarray(ends[index - 1] ?? 0, end)));
}

describe('SecretMask', () => {
  it('writes the corpus’ placeholder over the secret of a device, and keeps every other byte', () => {
    expect(masked(`${HEARTBEAT}${login(SECRET)}${HEARTBEAT}`)).toEqual([
      `${HEARTBEAT}${login(MASKED)}${HEARTBEAT}`,
    ]);
  });

  it('masks the secret of an app', () => {
    const hex = appLogin(SECRET).replace(' ', '').replace('130000001b', '130000001a');
    expect(masked(hex)[0]).toBe(hex.replace(ascii(SECRET), ascii(MASKED)));
  });

  it('masks the same bytes wherever the reads are cut', () => {
    const stream = `${HEARTBEAT}${login(SECRET)}${HEARTBEAT}`;
    const whole = `${HEARTBEAT}${login(MASKED)}${HEARTBEAT}`;
    fc.assert(
      fc.property(fc.array(fc.nat(41), { maxLength: 6 }), (places) => {
        expect(masked(...cut(stream, places)).join('')).toBe(whole);
      }),
    );
  });

  it('changes nothing in real packets, whose secrets are masked already', () => {
    const stream = onePacketPerType().map(toHex).join('');
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length / 2), { maxLength: 10 }), (places) => {
        expect(masked(...cut(stream, places)).join('')).toBe(stream);
      }),
    );
  });

  it('hides all the rest of a login whose lengths do not fit each other', () => {
    const odd = login(SECRET).replace('0010', '0004');
    expect(masked(odd)[0]).toBe(`230000001a03379624690004${ascii(MASKED)}303030`);
  });

  it('hides digits in bytes that no packet took', () => {
    expect(masked(`ff${ascii(`${SECRET} ok`)}`)[0]).toBe(`ff${ascii('0000000000000000 ok')}`);
  });

  it('never shows a part of the secret, whatever stands around it and wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 8 }),
        fc.array(fc.nat(60), { maxLength: 4 }),
        (noise, places) => {
          const shown = masked(...cut(`${toHex(noise)}${login(SECRET)}`, places)).join('');
          expect(shown).not.toContain(ascii('a1b2c3'));
          expect(shown).not.toContain(ascii('d4e5f6'));
        },
      ),
    );
  });

  it('says when a read ends inside a packet, and counts packets', () => {
    const mask = new SecretMask();
    mask.mask(bytes('d30000'));
    expect([mask.midPacket, mask.packets]).toEqual([true, 0]);
    mask.mask(bytes('0000'));
    expect([mask.midPacket, mask.packets]).toEqual([false, 1]);
  });
});
