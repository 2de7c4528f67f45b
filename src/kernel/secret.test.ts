import { format, inspect } from 'node:util';
import { Secret } from './secret';

const CONTENT = '1e07a1b2c3d4e5f6';
const secret = new Secret(Buffer.from(CONTENT, 'latin1'));
const inHex = Buffer.from(CONTENT, 'latin1').toString('hex');
const inDecimal = [...Buffer.from(CONTENT, 'latin1')].join(',');

describe('a secret', () => {
  it.each([
    ['String', () => String(secret)],
    ['a template', () => `${secret as unknown as string}`],
    ['concatenation', () => 'auth ' + (secret as unknown as string)],
    ['JSON', () => JSON.stringify({ auth: secret })],
    ['inspect', () => inspect({ auth: secret }, { depth: 9, showHidden: true })],
    ['inspect without custom printers', () => inspect({ auth: secret }, { customInspect: false })],
    ['a format', () => format('%s %o %O %j', secret, secret, secret, secret)],
    ['an error message', () => new Error(`bad ${String(secret)}`).stack ?? ''],
    ['a spread', () => JSON.stringify({ ...secret })],
    ['its own entries', () => JSON.stringify(Object.entries(secret))],
  ])('is not printed by %s', (_, print) => {
    const text = print();
    expect(text).not.toContain(CONTENT);
    expect(text).not.toContain(inHex);
    expect(text.replaceAll(/\s/g, '')).not.toContain(inDecimal);
  });

  it('says that something was left out', () => {
    expect([String(secret), JSON.stringify(secret), inspect(secret)]).toEqual([
      '[redacted]',
      '"[redacted]"',
      '[redacted]',
    ]);
  });

  it('gives its content to whoever asks by name', () => {
    expect(Buffer.from(secret.expose()).toString('latin1')).toBe(CONTENT);
  });
});
