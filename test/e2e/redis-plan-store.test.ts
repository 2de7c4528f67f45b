import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src/kernel/errors';
import type { AuditEntry } from '../../src/rollout/document';
import type { Loaded } from '../../src/rollout/plan-store';
import {
  entryOf,
  planStorePromises,
  revisionBy,
  write,
  type OpenStore,
} from '../support/plan-store-contract';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { DOCUMENT_KEY, PREFIX, RedisStoreBench, type RedisStoreSettings } from '../support/redis-store';
import { until } from '../support/until';

const lab = new RedisLab();
let server: RedisServer;
const open: RedisStoreBench[] = [];

beforeAll(async () => {
  server = await lab.server();
});
beforeEach(() => server.cli('flushall'));
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});
afterAll(() => lab.close());

async function bench(settings: RedisStoreSettings = {}, at = server): Promise<RedisStoreBench> {
  const made = new RedisStoreBench(at, settings);
  open.push(made);
  await made.connection.settled(10_000);
  return made;
}

const first = revisionBy('a', 1);
const second = revisionBy('a', 2);

describe('a rollout kept in Redis', () => {
  const openStore: OpenStore = async (historyLimit) => {
    const settings = historyLimit === undefined ? {} : { historyLimit };
    return (await bench(settings)).store;
  };
  test.each(planStorePromises())('$name', ({ expectIt }) => expectIt(openStore));

  test('is one document that a person can read', async () => {
    await write((await bench()).store, first, 'empty');
    expect(JSON.parse(await server.cli('get', DOCUMENT_KEY))).toEqual({
      format: 'pointsman-rollout/1',
      document: JSON.parse(JSON.stringify(first)) as unknown,
    });
  });

  test('gives back a claim after its time', async () => {
    const { store } = await bench();
    expect(await store.claim('news', 30)).toBe(true);
    await until(() => store.claim('news', 60_000));
    expect(await store.claim('news', 60_000)).toBe(false);
  });

  test('leaves evidence out of an entry that would be too long, and keeps the rest', async () => {
    const { store } = await bench({ entryLimitBytes: 4_096 });
    const entry: AuditEntry = { ...entryOf(first), evidence: { noise: 'x'.repeat(5_000) } };
    await store.write(first, entry, { expected: 'empty' });
    const [kept] = await store.history(1);
    expect(kept).toMatchObject({
      reason: 'revision 1',
      evidence: { omitted: expect.stringContaining('4096') },
    });
  });

  test('writes no document that no replica would read', async () => {
    const { store } = await bench({ documentLimitBytes: 300 });
    await expect(write(store, first, 'empty')).rejects.toMatchObject({ code: 'store.refused' });
    expect(await server.cli('exists', DOCUMENT_KEY)).toBe('0');
  });

  test('passes over entries that somebody else put into the trail', async () => {
    const { store } = await bench();
    await write(store, first, 'empty');
    await server.cli('xadd', `${PREFIX}:audit`, '*', 'entry', 'noise');
    expect((await store.history(10)).map(({ reason }) => reason)).toEqual(['revision 1']);
  });
});

describe('something else under the key of the document', () => {
  test.each<[string, (text: string) => readonly string[], RegExp]>([
    ['a list', () => ['rpush', DOCUMENT_KEY, 'a'], /holds a list/],
    ['garbage', () => ['set', DOCUMENT_KEY, 'garbage'], /not a pointsman-rollout\/1 document/],
    ['a number', () => ['set', DOCUMENT_KEY, '7'], /as a whole/],
    ['an empty text', () => ['set', DOCUMENT_KEY, ''], /not a pointsman-rollout\/1 document/],
    [
      'half a billion bytes',
      () => ['setrange', DOCUMENT_KEY, '500000000', 'x'],
      /500000001 bytes, more than 65536/,
    ],
    ['another format', (text) => ['set', DOCUMENT_KEY, text.replace('rollout/1', 'rollout/2')], /\(format: /],
    ['a byte order mark', (text) => ['set', DOCUMENT_KEY, `\uFEFF${text}`], /no JSON/],
  ])('is refused when it is %s, and never written over', async (_what, put, why) => {
    const { store } = await bench();
    await write(store, first, 'empty');
    const text = await server.cli('get', DOCUMENT_KEY);
    await server.cli('del', DOCUMENT_KEY);
    await server.cli(...put(text));
    const before = await server.cli('debug', 'digest-value', DOCUMENT_KEY);
    const loaded = await store.load();
    expect(loaded).toEqual({ kind: 'refused', message: expect.stringMatching(why) });
    expect(store.health).toMatchObject({ refused: expect.stringMatching(why) });
    for (const expected of [first, 'empty'] as const)
      expect(await write(store, second, expected)).toEqual({ kind: 'conflict', seen: loaded });
    expect(await server.cli('debug', 'digest-value', DOCUMENT_KEY)).toBe(before);
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['101 percent', (text) => text.replace('"percentage":0', '"percentage":101'), /percentage/],
    ['a field that nobody knows', (text) => text.replace('{', '{"more":1,'), /as a whole/],
  ])(
    'is refused when somebody wrote %s into it, and the next change repairs it',
    async (_what, spoil, why) => {
      const { store } = await bench();
      await write(store, first, 'empty');
      await server.cli('set', DOCUMENT_KEY, spoil(await server.cli('get', DOCUMENT_KEY)));
      expect(await store.load()).toEqual({ kind: 'refused', message: expect.stringMatching(why) });
      expect(await write(store, second, first)).toEqual({ kind: 'written' });
      expect(await store.load()).toEqual({ kind: 'found', document: second });
    },
  );

  test('is refused under the key of the trail before anything is written', async () => {
    const { store } = await bench();
    await server.cli('set', `${PREFIX}:audit`, 'text');
    await expect(write(store, first, 'empty')).rejects.toMatchObject({ facts: { cause: 'wrongtype' } });
    expect(await server.cli('exists', DOCUMENT_KEY)).toBe('0');
  });

  test('is what a user without the permission for the trail leaves as it was', async () => {
    await server.cli('acl', 'setuser', 'half', 'on', '>secret', '~*', '&*', '+@all', '-xadd');
    const url = server.url.replace('redis://', 'redis://half:secret@');
    const { store } = await bench({ connection: { url } });
    await expect(write(store, first, 'empty')).rejects.toMatchObject({ facts: { cause: 'noperm' } });
    expect(await server.cli('exists', DOCUMENT_KEY)).toBe('0');
  });
});

test('a user with no more than the permissions of docs/store.md is enough', async () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'store.md'), 'utf8');
  const [, listed = ''] = /`(~pointsman:[^`]+)`/.exec(page) ?? [];
  const rules = listed.replaceAll('\\|', '|').replaceAll('{main}', '{test}').split(' ');
  expect(await server.cli('acl', 'setuser', 'listed', 'on', '>secret', ...rules)).toBe('OK');
  const url = server.url.replace('redis://', 'redis://listed:secret@');
  const { store, facts } = await bench({ connection: { url }, pollMs: 50 });
  const seen: Loaded[] = [];
  store.watch({ seen: (loaded) => seen.push(loaded) });
  expect(await write(store, first, 'empty')).toEqual({ kind: 'written' });
  await store.record(entryOf(first, 'too late'));
  expect(await store.claim('news', 1_000)).toBe(true);
  expect(await store.history(10)).toHaveLength(2);
  await until(() => seen.length > 3 && facts.some(({ kind }) => kind === 'store_warning'));
  expect(facts.filter(({ kind }) => kind === 'store_failed')).toEqual([]);
});

describe('what others write', () => {
  async function listening(pollMs: number): Promise<{ seen: [Loaded, AuditEntry | undefined][] }> {
    const listener = await bench({ replica: 'b', pollMs });
    const seen: [Loaded, AuditEntry | undefined][] = [];
    listener.store.watch({ seen: (loaded, entry) => seen.push([loaded, entry]) });
    await until(async () => (await server.cli('pubsub', 'numsub', `${PREFIX}:changes`)).endsWith('1'));
    return { seen };
  }

  test('is heard at once, with its entry', async () => {
    const { seen } = await listening(60_000);
    await write((await bench()).store, first, 'empty');
    await until(() => seen.some(([, entry]) => entry !== undefined));
    expect(seen).toContainEqual([{ kind: 'found', document: first }, entryOf(first)]);
  });

  test('is heard also while the subscriber is being killed, from the poll', async () => {
    const { seen } = await listening(100);
    const { store } = await bench();
    await write(store, first, 'empty');
    let expected = first;
    for (let revision = 2; revision <= 20; revision += 1) {
      await server.cli('client', 'kill', 'type', 'pubsub');
      const next = revisionBy('a', revision);
      await write(store, next, expected);
      expected = next;
    }
    await until(() =>
      seen.some(([loaded]) => loaded.kind === 'found' && loaded.document.plan.revision === 20),
    );
    expect(await server.cli('pubsub', 'channels')).toBeDefined();
  });

  test('is not taken from a message that is none', async () => {
    const { seen } = await listening(60_000);
    for (const noise of ['', 'noise', '{"format":"pointsman-rollout/1"}'])
      await server.cli('publish', `${PREFIX}:changes`, noise);
    await write((await bench()).store, first, 'empty');
    const entries = (): unknown[] => seen.map(([, entry]) => entry).filter((entry) => entry !== undefined);
    await until(() => entries().length > 0);
    expect(entries()).toEqual([entryOf(first)]);
  });
});

describe('a write that must survive a failover', () => {
  test('counts when the replicas have it, and is said to be perhaps stored when they do not', async () => {
    const replica = await lab.replicaOf(server);
    // By the master's word: a replica takes itself for connected earlier, and is not waited for until then.
    await until(async () => (await server.cli('info', 'replication')).includes('state=online'));
    const { store } = await bench({
      waitReplicas: 1,
      waitMs: 2_000,
      connection: { commandTimeoutMs: 3_000 },
    });
    expect(await write(store, first, 'empty')).toEqual({ kind: 'written' });
    replica.freeze();
    await expect(write(store, second, first)).rejects.toMatchObject({
      code: 'store.unavailable',
      facts: { cause: 'unconfirmed', maybeDone: true },
    });
    expect(await store.load()).toEqual({ kind: 'found', document: second });
    replica.thaw();
    // The same once more is no second change, and it is waited for again.
    await until(() =>
      write(store, second, first).then(
        ({ kind }) => kind === 'written',
        () => false,
      ),
    );
    expect(await store.history(10)).toHaveLength(2);
    await replica.kill();
  });
});

describe('a server that can lose what it is given', () => {
  test('is warned of once, with what to set', async () => {
    const risky = await lab.server('--maxmemory-policy', 'allkeys-lru');
    const { store, facts } = await bench({}, risky);
    store.watch({ seen: () => {} });
    await until(() => facts.length >= 2);
    const warnings = facts.filter(({ kind }) => kind === 'store_warning');
    expect(warnings).toMatchObject([{ setting: 'maxmemory-policy' }, { setting: 'appendonly' }]);
    await risky.kill();
  });

  test('is warned of as soon as its settings were heard, when they were not at first', async () => {
    const risky = await lab.server();
    const { store, facts, connection } = await bench({ pollMs: 50 }, risky);
    const run = connection.run.bind(connection);
    let unheard = 0;
    connection.run = (what, command) => {
      if (what !== 'read its settings' || unheard === 2) return run(what, command);
      unheard += 1;
      return Promise.reject(new AppError('store.unavailable', 'no answer in time', { cause: 'timeout' }));
    };
    store.watch({ seen: () => {} });
    await until(() => facts.some(({ kind }) => kind === 'store_warning'));
    expect(unheard).toBe(2);
    await risky.kill();
  });

  test('is warned of once when it lets nobody listen', async () => {
    const mute = await lab.server('--appendonly', 'yes');
    await mute.cli('acl', 'setuser', 'deaf', 'on', '>secret', '~*', '&*', '+@all', '-subscribe');
    const url = mute.url.replace('redis://', 'redis://deaf:secret@');
    const { store, facts } = await bench({ pollMs: 50, connection: { url } }, mute);
    let polls = 0;
    store.watch({ seen: () => (polls += 1) });
    await until(() => polls > 3 && facts.length > 1);
    const warnings = facts.filter(({ kind }) => kind === 'store_warning');
    expect(warnings).toMatchObject([{ setting: 'subscribe' }]);
    await mute.kill();
  });

  test('is not warned of when it keeps things', async () => {
    const safe = await lab.server('--appendonly', 'yes');
    const { store, facts } = await bench({ pollMs: 50 }, safe);
    let polls = 0;
    store.watch({ seen: () => (polls += 1) });
    await until(() => polls > 3);
    expect(facts).toEqual([{ kind: 'store_reached' }]);
    await safe.kill();
  });
});
