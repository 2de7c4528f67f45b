import { Secret } from '../kernel/secret';
import { Credentials } from './credentials';

const KEY = Buffer.alloc(32, 1);

function auth(text: string): Secret {
  return new Secret(Buffer.from(text, 'latin1'));
}

describe('the credential of a device', () => {
  it('is believed at first sight and held to afterwards', () => {
    const credentials = new Credentials(KEY, 10);
    expect(credentials.check('0000000a', auth('one'))).toBe('first_seen');
    expect(credentials.check('0000000a', auth('one'))).toBe('match');
    expect(credentials.check('0000000a', auth('two'))).toBe('mismatch');
    expect(credentials.check('0000000a', auth('one'))).toBe('match');
  });

  it('is its own: what one device shows says nothing of another', () => {
    const credentials = new Credentials(KEY, 10);
    credentials.check('0000000a', auth('one'));
    expect(credentials.check('0000000b', auth('two'))).toBe('first_seen');
    const stored = new Credentials(KEY, 10);
    stored.check('0000000a', auth('same'));
    stored.check('0000000b', auth('same'));
    expect(new Set(Object.values(stored.export())).size).toBe(2);
  });

  it('is believed anew once it is forgotten', () => {
    const credentials = new Credentials(KEY, 10);
    credentials.check('0000000a', auth('one'));
    expect([credentials.forget('0000000a'), credentials.forget('0000000a')]).toEqual([true, false]);
    expect(credentials.check('0000000a', auth('two'))).toBe('first_seen');
  });

  it('is not remembered beyond the limit, while those known are still served', () => {
    const credentials = new Credentials(KEY, 1);
    credentials.check('0000000a', auth('one'));
    expect(credentials.check('0000000b', auth('two'))).toBe('full');
    expect(credentials.check('0000000a', auth('one'))).toBe('match');
    credentials.forget('0000000a');
    expect(credentials.check('0000000b', auth('two'))).toBe('first_seen');
  });

  it('tells of a change when there is something new to store, and only then', () => {
    let changes = 0;
    const credentials = new Credentials(KEY, 1, () => (changes += 1));
    credentials.check('0000000a', auth('one'));
    credentials.check('0000000a', auth('one'));
    credentials.check('0000000a', auth('two'));
    credentials.check('0000000b', auth('one'));
    credentials.forget('0000000b');
    expect(changes).toBe(1);
    credentials.forget('0000000a');
    expect(changes).toBe(2);
  });
});

describe('what is stored', () => {
  it('is a hash that another key does not fit, and never the secret', () => {
    const credentials = new Credentials(KEY, 10);
    credentials.check('0000000a', auth('1e07a1b2c3d4e5f6'));
    const stored = credentials.export();
    const text = JSON.stringify(stored);
    for (const encoding of ['latin1', 'hex', 'base64'] as const)
      expect(text).not.toContain(
        Buffer.from('1e07a1b2c3d4e5f6', 'latin1').toString(encoding).replace(/=+$/, ''),
      );

    const same = new Credentials(KEY, 10);
    same.import(stored);
    expect(same.check('0000000a', auth('1e07a1b2c3d4e5f6'))).toBe('match');
    const other = new Credentials(Buffer.alloc(32, 2), 10);
    other.import(stored);
    expect(other.check('0000000a', auth('1e07a1b2c3d4e5f6'))).toBe('mismatch');
  });
});
