import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli, type CliResult } from '../support/cli';
import { ask } from '../support/http';
import { rulesFor, startApplication, tokenOf, type TestApplication } from '../support/application';

describe('steering from the command line', () => {
  let application: TestApplication;

  beforeEach(async () => {
    application = await startApplication();
  });

  afterEach(() => application.stop());

  const run = (...args: string[]): Promise<CliResult> => cli({ POINTSMAN_URL: application.url }, ...args);
  const must = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await run(...args, '--reason', 'because');
    expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
    return out;
  };

  it('shows the tree of a new rollout', async () => {
    const { code, out } = await run('status');
    expect(code).toBe(0);
    expect(out).toMatch(/^rollout at 0 %, no traffic in the last minute; generation 1, revision 1\n/);
    expect(out).toMatch(/│ {2}├─ ▶ dark-launch +0 % +current\n│ {2}│ {2}[├└]─ /);
    expect(out).toContain('└─ store       file, healthy');
  });

  it('climbs, pauses, pins, mirrors, freezes and comes back, and the history reads like a story', async () => {
    await must('mirror', 'on', '--percentage', '5');
    await must('promote', '--yes');
    await must('pin', '00000001', 'legacy');
    await must('pin', '00000001', 'none');
    await must('holdback', '10');
    await must('resume');
    await must('pause');
    await must('freeze');
    await must('unfreeze');
    await must('rollback', '--to', 'previous_stage');
    await must('release', '--new-salt');
    await must('set', '3');
    const { out } = await run('history', '--limit', '50', '--output', 'json');
    const { entries } = JSON.parse(out) as { entries: { action: string }[] };
    expect(entries.map(({ action }) => action).reverse()).toEqual([
      ...['seed', 'set_mirror', 'promote', 'set_pins', 'set_pins', 'set_holdback', 'resume', 'pause'],
      ...['freeze', 'unfreeze', 'rollback', 'release', 'set_percentage'],
    ]);
  });

  it('wants --yes for a jump larger than the policy allows, and says so with an exit code of its own', async () => {
    const refused = await run('set', '60', '--reason', 'jump');
    expect(refused).toMatchObject({ code: 8, out: '' });
    expect(refused.err).toContain('--yes');
    expect((await run('set', '60', '--reason', 'jump', '--yes')).out).toMatch(/^60 %/);
  });

  it('wants --yes for a promotion past a closed gate', async () => {
    const refused = await run('promote', '--reason', 'hurry');
    expect(refused.code).toBe(8);
    expect(refused.err).toContain('pointsman promote --yes');
  });

  it('ends with 7 while latched or frozen, and prints the command that lifts it', async () => {
    await must('set', '5');
    await must('freeze');
    expect(await run('set', '6', '--reason', 'up')).toMatchObject({
      code: 7,
      err: expect.stringContaining('pointsman unfreeze --reason') as string,
    });
    await must('unfreeze');
    await must('rollback');
    expect(await run('set', '6', '--reason', 'up')).toMatchObject({
      code: 7,
      err: expect.stringContaining('pointsman release --reason') as string,
    });
  });

  it('ends with 6 and names who was quicker when the revision has passed', async () => {
    await must('set', '5');
    const refused = await run('set', '6', '--reason', 'mine', '--if-match', '1');
    expect(refused.code).toBe(6);
    expect(refused.err).toContain('local admin');
    expect((await run('set', '6', '--reason', 'mine', '--if-match', '2')).code).toBe(0);
  });

  it('prints the problem document of a refusal to a program that reads JSON', async () => {
    const { code, out } = await run('release', '--reason', 'nothing', '--output', 'json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ status: 409, code: 'rollout.not_latched' });
  });

  it('explains a revision with its evidence, and a device with the stage at which it moves', async () => {
    await must('promote', '--yes');
    expect((await run('history', '--explain', '2')).out).toMatch(
      /^revision 2: promote by local admin[^]*evidence\n/,
    );
    expect((await run('explain', '00000001')).out).toMatch(/moves +to new (at|since) stage \d+ of 10, /);
    expect((await run('explain', 'lamp')).code).toBe(3);
    expect((await run('history', '--explain', '99')).code).toBe(3);
  });

  it('pages through the history by the command that it prints', async () => {
    for (const percentage of ['1', '2', '3']) await must('set', percentage);
    const first = await run('history', '--limit', '2');
    const cursor = /pointsman history --after (\S+)/.exec(first.out)?.[1] ?? '';
    const second = await run('history', '--limit', '2', '--after', cursor);
    expect(
      `${first.out}${second.out}`.match(/^.* r\d+ /gm)?.map((line) => / (r\d+) /.exec(line)?.[1]),
    ).toEqual(['r4', 'r3', 'r2', 'r1']);
  });

  it('shows what somebody wrote without letting it steer the terminal', async () => {
    await ask(application.url, {
      path: '/v1/rollout/freeze',
      body: { reason: '\u001b[2J\u001b]0;owned\u0007gone\nand \u202eback' },
    });
    for (const args of [
      ['status'],
      ['history'],
      ['status', '--output', 'json'],
      ['set', '5', '--reason', 'x'],
    ]) {
      const { out, err } = await run(...args);
      // eslint-disable-next-line no-control-regex -- That is what must not be there.
      expect(`${out}${err}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(`${out}${err}`).toContain('gone and back');
    }
  });
});

describe('the command line used wrongly', () => {
  let application: TestApplication;

  beforeAll(async () => {
    application = await startApplication();
  });

  afterAll(() => application.stop());

  it.each([
    ['set', '10'],
    ['set', '10%', '--reason', 'x'],
    ['rollback'],
    ['promote', '--yes'],
    ['pin', 'lamp', 'new', '--reason', 'x'],
    ['pin', '00000001', 'newer', '--reason', 'x'],
    ['mirror', 'sideways', '--reason', 'x'],
    ['freeze', '--reason', 'x', '--if-match', 'latest'],
    ['rollback', '--reason', 'x', '--if-match', '1'],
    ['history', '--limit', '0'],
  ])('ends with 2 when it is used wrongly, and changes nothing: %s %s %s', async (...args) => {
    expect((await cli({ POINTSMAN_URL: application.url }, ...args)).code).toBe(2);
    expect((await ask(application.url, { path: '/v1/rollout' })).headers.etag).toBe('"1"');
  });
});

describe('who asks from the command line', () => {
  let application: TestApplication;

  beforeAll(async () => {
    application = await startApplication({ accessRules: rulesFor('viewer', 'operator') });
  });

  afterAll(() => application.stop());

  const as = (token: string | undefined, ...args: string[]): Promise<CliResult> =>
    cli(
      { POINTSMAN_URL: application.url, ...(token === undefined ? {} : { POINTSMAN_TOKEN: token }) },
      ...args,
    );

  it('ends with 5 without a token, with a wrong one and without the right role', async () => {
    expect((await as(undefined, 'status')).code).toBe(5);
    expect((await as('wrong-token-wrong-token', 'status')).code).toBe(5);
    expect((await as(tokenOf('viewer'), 'pause', '--reason', 'x')).code).toBe(5);
    expect((await as(tokenOf('viewer'), 'status')).code).toBe(0);
    expect((await as(tokenOf('operator'), 'freeze', '--reason', 'x')).code).toBe(0);
  });

  it('reads the token from a file', async () => {
    const file = join(application.stateDir, 'token');
    writeFileSync(file, `${tokenOf('viewer')}\n`);
    expect((await as(undefined, 'status', '--token-file', file)).code).toBe(0);
  });

  it('ends with 4 when nobody answers', async () => {
    expect((await cli({ POINTSMAN_URL: 'http://127.0.0.1:9' }, 'status')).code).toBe(4);
  });
});
