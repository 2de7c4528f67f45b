import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact } from '../kernel/facts';
import { ManualClock } from '../kernel/manual-clock';
import { messageOf } from '../kernel/errors';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { Access, sha256 } from './access';
import { readTokens, watchTokens } from './token-file';

const TOKEN = 'Zq7-secret-of-ana-1f';
const OTHER = 'Zq7-secret-of-ben-2e';

const withFile = <T>(text: string, work: (file: string) => T | Promise<T>): Promise<T> =>
  inTemporaryFolder((folder) => {
    const file = join(folder, 'tokens.yaml');
    writeFileSync(file, text);
    return work(file);
  });

const listing = (token: string): string => `tokens:\n  - { name: ana, role: operator, token: ${token} }\n`;

function faultOf(file: string): string {
  try {
    readTokens(file);
  } catch (error) {
    return messageOf(error);
  }
  return 'none';
}

describe('readTokens', () => {
  test('keeps the hash of a token alone, and takes a hash in its place', () =>
    withFile(`${listing(TOKEN)}  - { name: ben, role: viewer, sha256: ${sha256(OTHER)} }\n`, (file) => {
      expect(readTokens(file)).toEqual([
        { name: 'ana', role: 'operator', sha256: sha256(TOKEN) },
        { name: 'ben', role: 'viewer', sha256: sha256(OTHER) },
      ]);
    }));

  const RULE =
    'a token has a name, a role (viewer, app, operator, hook, admin) and either a token of at least 16 letters, digits and -._~+/ or its sha256 in 64 hex digits';
  const FILE_RULE = 'the file holds one list, named tokens, with at least one entry';
  const entry = (fields: string): string => `tokens:\n  - { ${fields} }\n`;
  test.each([
    [
      'too short a token',
      entry(`name: ana, role: viewer, token: ${TOKEN.slice(0, 15)}`),
      `tokens.0: ${RULE}`,
    ],
    ['a role nobody knows', entry(`name: ana, role: king, token: ${TOKEN}`), `tokens.0: ${RULE}`],
    ['no name', entry(`name: "", role: viewer, token: ${TOKEN}`), `tokens.0: ${RULE}`],
    [
      'a hash cut short',
      entry(`name: ana, role: viewer, sha256: ${sha256(TOKEN).slice(1)}`),
      `tokens.0: ${RULE}`,
    ],
    [
      'a hash in capitals',
      entry(`name: ana, role: viewer, sha256: ${sha256(TOKEN).toUpperCase()}`),
      `tokens.0: ${RULE}`,
    ],
    [
      'token and hash both',
      entry(`name: ana, role: viewer, token: ${TOKEN}, sha256: ${sha256(TOKEN)}`),
      `tokens.0: ${RULE}`,
    ],
    [
      'a field nobody knows',
      entry(`name: ana, role: viewer, token: ${TOKEN}, scope: all`),
      `tokens.0: ${RULE}`,
    ],
    [
      'a token as the name of a field',
      entry(`name: ana, role: viewer, sha256: ${sha256(OTHER)}, token:${TOKEN}`),
      `tokens.0: ${RULE}`,
    ],
    ['a list of bare tokens', `tokens: [${TOKEN}, ${OTHER}]`, `tokens.0: ${RULE}; tokens.1: ${RULE}`],
    ['no tokens', 'tokens: []\n', FILE_RULE],
    ['nothing', '', FILE_RULE],
    ['a token as a name', `${TOKEN}: admin\n`, FILE_RULE],
    ['a token as a name beside the list', `${listing(OTHER)}${TOKEN}: admin\n`, FILE_RULE],
    ['no YAML', `tokens: [ ${TOKEN}`, 'it is not YAML'],
    [
      'an alias nobody defined',
      `tokens:\n  - { name: ana, role: viewer, token: *${TOKEN} }`,
      'it is not YAML',
    ],
    ['an unquoted @', `tokens:\n  - { name: ana, role: viewer, token: @${TOKEN} }`, 'it is not YAML'],
  ])('refuses %s, with a text that holds no token', (_what, text, why) =>
    withFile(text, (file) => {
      const fault = faultOf(file);
      expect(fault).toContain(file);
      expect(fault).toContain(why);
      expect(fault).not.toMatch(/Zq7|secret/);
    }),
  );

  test('prints no warning that quotes a token', () =>
    withFile(`tokens:\n  - { name: ana, role: viewer, token: !${TOKEN} ${OTHER} }`, async (file) => {
      const warnings: string[] = [];
      const listen = (warning: Error): unknown => warnings.push(warning.message);
      process.on('warning', listen);
      readTokens(file);
      await new ManualClock().advanceAsync(0);
      process.off('warning', listen);
      expect(warnings).toEqual([]);
    }));

  test('names the file that is not there', () => {
    expect(faultOf('/nowhere/tokens.yaml')).toBe(
      "the tokens file /nowhere/tokens.yaml cannot be read: ENOENT: no such file or directory, open '/nowhere/tokens.yaml'",
    );
  });
});

describe('watchTokens', () => {
  function watched(file: string) {
    const clock = new ManualClock();
    const facts: Fact[] = [];
    const access = new Access({ tokens: readTokens(file), anonymous: undefined, loopbackHostsOnly: false });
    const stop = watchTokens(file, access, { clock, observe: (fact) => facts.push(fact) });
    const knows = (token: string): boolean => access.authenticate(`Bearer ${token}`).kind === 'known';
    return { clock, facts, stop, knows };
  }

  test('takes over a changed file within a second', () =>
    withFile(listing(TOKEN), (file) => {
      const { clock, facts, knows } = watched(file);
      writeFileSync(file, `${listing(OTHER)}# changed\n`);
      clock.advance(999);
      expect([knows(TOKEN), knows(OTHER), facts]).toEqual([true, false, []]);
      clock.advance(1);
      expect([knows(TOKEN), knows(OTHER), facts]).toEqual([
        false,
        true,
        [{ kind: 'tokens_reloaded', count: 1 }],
      ]);
    }));

  test('reads a file that did not change no second time', () =>
    withFile(listing(TOKEN), (file) => {
      const { clock, facts } = watched(file);
      clock.advance(10_000);
      expect(facts).toEqual([]);
    }));

  test.each([
    ['broken', (file: string) => writeFileSync(file, 'tokens: [')],
    ['removed', (file: string) => rmSync(file)],
  ])(
    'keeps the old tokens when the file is %s, reports it once, and goes on when it is well again',
    (_what, spoil) =>
      withFile(listing(TOKEN), (file) => {
        const { clock, facts, knows } = watched(file);
        spoil(file);
        clock.advance(5_000);
        expect(knows(TOKEN)).toBe(true);
        expect(facts).toEqual([{ kind: 'tokens_refused', message: expect.stringContaining(file) }]);
        writeFileSync(file, `${listing(OTHER)}# well again\n`);
        clock.advance(1_000);
        expect([knows(TOKEN), knows(OTHER)]).toEqual([false, true]);
      }),
  );

  test('stops when told to', () =>
    withFile(listing(TOKEN), (file) => {
      const { clock, stop } = watched(file);
      stop();
      expect(clock.pendingTimers).toBe(0);
    }));
});

describe('a tokens file that cannot mean what it says', () => {
  test('is refused: one token cannot have two roles', () =>
    withFile(`${listing(TOKEN)}  - { name: ben, role: admin, token: ${TOKEN} }\n`, (file) => {
      expect(faultOf(file)).toContain('a token is listed twice');
    }));

  test('is refused: a header could not carry such a token', () =>
    withFile(listing('"a token with spaces"'), (file) => {
      expect(faultOf(file)).toContain('letters, digits and -._~+/');
    }));
});
