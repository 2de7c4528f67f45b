import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../../test/support/cli';

describe('pointsman check', () => {
  let folder: string;

  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pointsman-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const check = (...args: string[]) => cli({}, 'check', ...args);

  it('finds nothing wrong with an empty configuration', async () => {
    const config = file('empty.yaml', '');
    expect(await check(config)).toEqual({ code: 0, out: `${config}: nothing is wrong with it\n`, err: '' });
  });

  it('names every fault of the configuration and of the ladder at once, and ends with 1', async () => {
    const ladder = file(
      'ladder.yaml',
      'stages:\n  - { name: up, percentage: 50 }\n  - { name: down, percentage: 40 }\n',
    );
    const config = file('bad.yaml', `rollout: { maxStep: 200, ladderFile: ${ladder} }\nhttp: { prot: 1 }\n`);
    const { code, out, err } = await check(config);
    expect(code).toBe(1);
    expect(out).toMatch(/^configuration: .*rollout\.maxStep/m);
    expect(out).toMatch(/^configuration: .*prot/m);
    expect(out).toMatch(/^ladder: stages\.1/m);
    expect(err).toMatch(/has \d faults\n$/);
  });

  it('finds a server that would be open to all, and tokens that cannot be read as such', async () => {
    const open = await check(file('open.yaml', 'http: { bind: 0.0.0.0 }\n'));
    expect(open).toMatchObject({ code: 1, out: expect.stringMatching(/^tokens: http\.bind 0\.0\.0\.0 /) });
    const tokens = file('tokens.yaml', 'tokens: [{ name: x, role: boss }]\n');
    const wrong = await check(file('wrong.yaml', `tokensFile: ${tokens}\n`));
    expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining('tokens.0: a token has a name') });
    const elsewhere = await check(file('elsewhere.yaml', 'tokensFile: /etc/not/here.yaml\n'));
    expect(elsewhere.code).toBe(0);
  });

  it('says what the fleet can never reach, once it knows how large it is', async () => {
    const ladder = file(
      'far.yaml',
      [
        'stages:',
        '  - { name: dark, percentage: 0 }',
        '  - name: canary',
        '    percentage: 10',
        '    gates: [{ kind: evidence, objective: command-success, clean: 1000000 }]',
        '  - { name: more, percentage: 25 }',
      ].join('\n'),
    );
    const config = file('far-config.yaml', `rollout: { ladderFile: ${ladder} }\n`);
    const faultsOf = async (rate: string): Promise<string[]> => {
      const { out } = await check(
        config,
        '--devices',
        '50',
        '--commands-per-second',
        rate,
        '--output',
        'json',
      );
      const { faults } = JSON.parse(out) as { faults: { sentence: string }[] };
      return faults
        .map(({ sentence }) => sentence)
        .filter((sentence) => sentence.includes('evidence-out-of-reach'));
    };
    expect(await faultsOf('1')).toEqual([
      expect.stringMatching(/^stages\.1\.gates\.0: 1,000,000 good events are needed/),
    ]);
    expect(await faultsOf('1000')).toEqual([]);
  });

  it('refuses half a fleet', async () => {
    expect((await check(file('half.yaml', ''), '--devices', '5')).code).toBe(2);
  });

  it('says that the file is not there', async () => {
    const { code, out } = await check(join(folder, 'nowhere.yaml'));
    expect(code).toBe(1);
    expect(out).toContain('nowhere.yaml');
  });
});
