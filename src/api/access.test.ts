import { ROLES } from '../kernel/roles';
import { Access, isAllowed, LOCAL_ADMIN, LOOPBACK_RULES, sha256, type TokenEntry } from './access';

const TOKEN = 'a-token-of-some-length';
const ENTRY: TokenEntry = { name: 'ana', role: 'operator', sha256: sha256(TOKEN) };

const guarded = (): Access => new Access({ tokens: [ENTRY], anonymous: undefined, loopbackHostsOnly: false });

describe('Access', () => {
  test('knows a caller by its token', () => {
    expect(guarded().authenticate(`Bearer ${TOKEN}`)).toEqual({ kind: 'known', principal: ENTRY });
  });

  test('wants a token where tokens are configured', () => {
    expect(guarded().authenticate(undefined)).toEqual({
      kind: 'refused',
      why: 'this server wants a bearer token',
    });
  });

  test.each([
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(0, -1)}`,
    `Bearer ${sha256(TOKEN)}`,
    `Bearer  ${TOKEN}`,
    `Bearer ${TOKEN} `,
    `Bearer ${TOKEN},${TOKEN}`,
    `Basic x, Bearer ${TOKEN}`,
    `Basic ${TOKEN}`,
    TOKEN,
    'Bearer ',
    'Bearer',
    '',
  ])('refuses %j and does not repeat it', (authorization) => {
    expect(guarded().authenticate(authorization)).toEqual({
      kind: 'refused',
      why: 'the bearer token is not known',
    });
  });

  test('makes every caller admin where no tokens are configured, but none with a wrong token', () => {
    const open = new Access(LOOPBACK_RULES);
    expect(open.authenticate(undefined)).toEqual({ kind: 'known', principal: LOCAL_ADMIN });
    expect(open.authenticate('Bearer wrong').kind).toBe('refused');
    expect(open.authenticate('').kind).toBe('refused');
    expect([open.loopbackHostsOnly, guarded().loopbackHostsOnly]).toEqual([true, false]);
  });

  test('takes new tokens in place of the old', () => {
    const access = guarded();
    access.replaceTokens([{ name: 'ben', role: 'viewer', sha256: sha256('another-token-of-ben') }]);
    expect(access.authenticate(`Bearer ${TOKEN}`).kind).toBe('refused');
    expect(access.authenticate('Bearer another-token-of-ben')).toMatchObject({ principal: { name: 'ben' } });
    expect(access.authenticate(undefined).kind).toBe('refused');
  });
});

describe('isAllowed', () => {
  test.each(ROLES)('lets %s do what is its own, and an admin everything', (role) => {
    expect(isAllowed(role, [role])).toBe(true);
    expect(
      isAllowed(
        role,
        ROLES.filter((other) => other !== role),
      ),
    ).toBe(role === 'admin');
    expect(isAllowed(role, [])).toBe(role === 'admin');
  });
});

describe('sha256', () => {
  test('is the published one, in hex', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
