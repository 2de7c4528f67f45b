import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { ManualClock } from '../kernel/manual-clock';
import { Secret } from '../kernel/secret';
import { CredentialFile } from './credential-file';

function auth(text: string): Secret {
  return new Secret(Buffer.from(text, 'latin1'));
}

describe('the file of credentials', () => {
  let folder: string;
  let clock: ManualClock;
  let facts: RecordedFacts;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointsman-credentials-'));
    clock = new ManualClock();
    facts = new RecordedFacts();
  });

  afterEach(() => rm(folder, { recursive: true }));

  function open(limit = 10): Promise<CredentialFile> {
    return CredentialFile.open({ folder, limit, clock, observe: facts.observe });
  }

  /** A folder in which one device is remembered. */
  async function filled(): Promise<void> {
    const file = await open();
    file.credentials.check('0000000a', auth('one'));
    await file.close();
  }

  it('remembers over a restart', async () => {
    await filled();
    const { credentials } = await open();
    expect(credentials.check('0000000a', auth('two'))).toBe('mismatch');
    expect(credentials.check('0000000a', auth('one'))).toBe('match');
  });

  it('forgets over a restart too', async () => {
    await filled();
    const file = await open();
    file.credentials.forget('0000000a');
    await file.close();
    expect((await open()).credentials.check('0000000a', auth('two'))).toBe('first_seen');
  });

  it('holds to its limit after a restart', async () => {
    await filled();
    expect((await open(1)).credentials.check('0000000b', auth('two'))).toBe('full');
  });

  it('is kept from everybody but its owner, the key too', async () => {
    await filled();
    expect((await readdir(folder)).sort()).toEqual(['credential.key', 'credentials.json']);
    for (const name of await readdir(folder))
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'credential.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('has a key of its own in every installation', async () => {
    await open();
    const first = await readFile(join(folder, 'credential.key'), 'utf8');
    await rm(join(folder, 'credential.key'));
    await open();
    expect(await readFile(join(folder, 'credential.key'), 'utf8')).not.toBe(first);
  });

  it('writes a whole fleet that dials in at once, one second later', async () => {
    const file = await open();
    for (let device = 0; device < 10; device += 1)
      file.credentials.check(device.toString(16).padStart(8, '0'), auth('x'));
    expect(clock.pendingTimers).toBe(1);
    await clock.advanceAsync(999);
    expect(await readdir(folder)).toEqual(['credential.key']);
    clock.advance(1);
    await file.close();
    const stored = JSON.parse(await readFile(join(folder, 'credentials.json'), 'utf8')) as object;
    expect(Object.keys(stored)).toHaveLength(10);
    expect(clock.pendingTimers).toBe(0);
  });

  it('writes again what changes after a write', async () => {
    const file = await open();
    file.credentials.check('0000000a', auth('one'));
    clock.advance(1_000);
    expect(clock.pendingTimers).toBe(0);
    file.credentials.check('0000000b', auth('two'));
    expect(clock.pendingTimers).toBe(1);
    await file.close();
    expect(clock.pendingTimers).toBe(0);
    expect(Object.keys((await open()).credentials.export()).sort()).toEqual(['0000000a', '0000000b']);
  });

  it('writes nothing at the end when nothing changed', async () => {
    const file = await open();
    await file.close();
    expect(await readdir(folder)).toEqual(['credential.key']);
  });

  it('reports that it could not be written, and goes on', async () => {
    const file = await open();
    await mkdir(join(folder, 'credentials.json'));
    file.credentials.check('0000000a', auth('one'));
    await file.close();
    expect(facts.of('credentials_unsaved')).toHaveLength(1);
    await rm(join(folder, 'credentials.json'), { recursive: true });
    file.credentials.check('0000000b', auth('two'));
    await file.close();
    expect(Object.keys((await open()).credentials.export()).sort()).toEqual(['0000000a', '0000000b']);
  });

  it('tries again by itself after it could not be written', async () => {
    const file = await open();
    await mkdir(join(folder, 'credentials.json'));
    file.credentials.check('0000000a', auth('one'));
    clock.advance(1_000);
    while (facts.of('credentials_unsaved').length === 0) await clock.advanceAsync(0);
    await rm(join(folder, 'credentials.json'), { recursive: true });
    clock.advance(1_000);
    await file.close();
    expect(Object.keys((await open()).credentials.export())).toEqual(['0000000a']);
  });

  it.each([
    ['torn', '{"0000000a":"c2hv'],
    ['empty', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['of another kind', '{"0000000a":5}'],
    ['of ids that are none', `{"lamp":"${Buffer.alloc(32).toString('base64')}"}`],
    ['of hashes cut short', '{"0000000a":"c2hvcnQ="}'],
  ])('is refused when it is %s, in a sentence that says what to do', async (_, content) => {
    await filled();
    await writeFile(join(folder, 'credentials.json'), content);
    await expect(open()).rejects.toMatchObject({
      code: 'store.refused',
      message: expect.stringMatching(
        /credentials\.json cannot be read: .+\. Restore it, or remove both/,
      ) as string,
    });
  });

  it.each([
    ['empty', ''],
    ['cut short', 'abcdef\n'],
    ['no hex', `${'zz'.repeat(32)}\n`],
  ])('is refused when its key is %s', async (_, content) => {
    await filled();
    await writeFile(join(folder, 'credential.key'), content);
    await expect(open()).rejects.toMatchObject({
      code: 'store.refused',
      message: expect.stringContaining('credential.key cannot be read') as string,
    });
  });

  it('is refused without its key, because every device would be locked out', async () => {
    await filled();
    await rm(join(folder, 'credential.key'));
    await expect(open()).rejects.toMatchObject({
      code: 'store.refused',
      message: expect.stringContaining('it is missing') as string,
    });
    expect(await readdir(folder)).toEqual(['credentials.json']);
  });
});
