import { inspect } from 'node:util';
import fc from 'fast-check';
import { Secret } from '../kernel/secret';
import { genuinePackets } from '../../test/support/corpus';
import { decodePacket, encodePacket } from './codec';
import { toHex } from './hex';
import { redactedHex } from './redact';

const AUTH = '1e07c0ffee123456';
const AUTH_BYTES = Buffer.from(AUTH, 'latin1');
const AUTH_HEX = AUTH_BYTES.toString('hex');

function login(kind: 'handshake' | 'app_login', auth = AUTH_BYTES): Uint8Array {
  const tail = { auth: new Secret(auth), flags: 0, keepaliveSeconds: 60 };
  return encodePacket(
    kind === 'handshake'
      ? { kind, version: 3, deviceId: 0x38e8cf46, ...tail }
      : { kind, version: 3, userId: 0x38e8cf46, ...tail },
  );
}

describe.each(['handshake', 'app_login'] as const)('the secret of a %s', (kind) => {
  it('is hidden in the hex, and nothing else is', () => {
    const packet = login(kind);
    expect(redactedHex(packet)).toBe(toHex(packet).replace(AUTH_HEX, '*'.repeat(32)));
    expect(toHex(packet)).toContain(AUTH_HEX);
  });

  it('is in no print-out of the decoded packet', () => {
    const packet = decodePacket(login(kind));
    const prints = [
      JSON.stringify(packet),
      inspect(packet, { depth: 9, showHidden: true }),
      Object.values(packet).join(),
      'auth' in packet ? `${packet.auth}` : AUTH,
    ];
    for (const print of prints) {
      expect(print).not.toContain(AUTH);
      expect(print).not.toContain(AUTH_HEX);
      expect(print).not.toContain([...AUTH_BYTES].join(','));
      expect(print).not.toContain([...AUTH_BYTES].join(', '));
    }
    expect(prints[0]).toContain('[redacted]');
  });

  it('is exposed where it is asked for by name', () => {
    const packet = decodePacket(login(kind));
    expect('auth' in packet && Buffer.from(packet.auth.expose()).toString('latin1')).toBe(AUTH);
  });

  it('is hidden whole wherever the packet is cut off and whatever its length field says', () => {
    const whole = login(kind);
    fc.assert(
      fc.property(fc.nat(whole.length), fc.option(fc.nat(0xffff)), (end, length) => {
        const packet = whole.slice(0, end);
        if (length !== null && end > 11) packet.set([length >> 8, length], 10);
        fc.pre(length === null || length !== 0x10);
        const shown = redactedHex(packet);
        expect(shown.slice(24, 24 + 32)).toMatch(/^\**$/);
        expect(shown).toHaveLength(packet.length * 2);
      }),
    );
  });
});

describe('redactedHex', () => {
  it('leaves every packet without a secret as it is', () => {
    const others = genuinePackets().filter((packet) => packet[0] !== 0x23);
    expect(others).toHaveLength(2548);
    for (const packet of others) expect(redactedHex(packet)).toBe(toHex(packet));
  });

  it('hides the login of every captured handshake', () => {
    const shown = genuinePackets()
      .filter((packet) => packet[0] === 0x23)
      .map(redactedHex);
    expect(shown).toHaveLength(26);
    for (const hex of shown) expect(hex).toMatch(/^230000001a03[0-9a-f]{8}0010\*{32}00003c$/);
  });

  it('takes an empty packet', () => {
    expect(redactedHex(new Uint8Array(0))).toBe('');
  });
});
