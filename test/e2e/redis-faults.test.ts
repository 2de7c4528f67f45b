import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isLatched, type AuditEntry } from '../../src/rollout/document';
import { RedisReplica, type ReplicaSettings } from '../support/redis-replica';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { DOCUMENT_KEY } from '../support/redis-store';
import { until } from '../support/until';

const lab = new RedisLab();
const open: RedisReplica[] = [];
let stateDir: string;
beforeEach(() => (stateDir = mkdtempSync(join(tmpdir(), 'pointsman-'))));
afterEach(async () => {
  for (const replica of open.splice(0)) await replica.close();
  await lab.close();
  rmSync(stateDir, { recursive: true, force: true });
});

async function start(server: RedisServer, name: string, settings?: ReplicaSettings): Promise<RedisReplica> {
  const replica = await RedisReplica.start(server, name, settings);
  open.push(replica);
  return replica;
}

/** Three processes at 10 %. */
async function ramp(server: RedisServer): Promise<[RedisReplica, RedisReplica, RedisReplica]> {
  const replicas: [RedisReplica, RedisReplica, RedisReplica] = [
    await start(server, 'a', { stateDir }),
    await start(server, 'b'),
    await start(server, 'c'),
  ];
  expect(await replicas[0].set(10)).toBe('done');
  await until(() => all(replicas, 10));
  return replicas;
}

function all(replicas: readonly RedisReplica[], percentage: number): boolean {
  return replicas.every((replica) => replica.percentage === percentage);
}

/** All follow one and the same document, latched at 0 %, which is the one in the store. */
async function expectRolledBack(replicas: readonly RedisReplica[]): Promise<void> {
  const [first] = replicas as [RedisReplica];
  await until(async () => {
    const stored = await first.bench.store.load().catch(() => undefined);
    return (
      stored?.kind === 'found' &&
      isLatched(stored.document) &&
      replicas.every(({ document }) => isDeepStrictEqual(document, stored.document))
    );
  });
  expect(first.percentage).toBe(0);
  for (const replica of replicas) expectNoRise(replica);
}

/** Since it was at 10 %, nothing went up, and nothing went up again once it was lowered. */
function expectNoRise({ routed }: RedisReplica): void {
  const percentages = routed.map(({ plan }) => plan.percentage);
  const since = percentages.slice(percentages.indexOf(10));
  expect(since).toEqual([...since].sort((one, other) => other - one));
}

/** Asked until there is an answer: a connection may not have found back yet. */
async function reasonsOf(replica: RedisReplica, action: string): Promise<string[]> {
  let entries: readonly AuditEntry[] | undefined;
  await until(async () => {
    entries = await replica.rollout.history(100).catch(() => undefined);
    return entries !== undefined;
  });
  return (entries ?? []).filter((entry) => entry.action === action).map(({ reason }) => reason);
}

/** How a server can be away, and come back with what it held. */
const OUTAGES: readonly {
  readonly how: string;
  readonly options: readonly string[];
  readonly begin: (server: RedisServer) => unknown;
  readonly end: (server: RedisServer) => unknown;
}[] = [
  {
    how: 'killed',
    options: ['--appendonly', 'yes', '--appendfsync', 'always'],
    begin: (server) => server.kill(),
    end: (server) => server.start(),
  },
  { how: 'frozen', options: [], begin: (server) => server.freeze(), end: (server) => server.thaw() },
  {
    how: 'made a read-only replica',
    options: [],
    begin: (server) => server.cli('replicaof', '127.0.0.1', '1'),
    end: (server) => server.cli('replicaof', 'no', 'one'),
  },
  {
    how: 'out of memory',
    options: [],
    begin: (server) => server.cli('config', 'set', 'maxmemory', '1'),
    end: (server) => server.cli('config', 'set', 'maxmemory', '0'),
  },
  {
    how: 'without the replicas that it wants',
    options: [],
    begin: (server) => server.cli('config', 'set', 'min-replicas-to-write', '1'),
    end: (server) => server.cli('config', 'set', 'min-replicas-to-write', '0'),
  },
];

describe.each(OUTAGES)('a server that is $how', ({ options, begin, end }) => {
  test('changes nothing, lets nothing be raised, and delays no rollback', async () => {
    const server = await lab.server(...options);
    const [a, b, c] = await ramp(server);
    await begin(server);
    await until(async () => (await b.set(20)) === 'store.unavailable');
    expect(all([a, b, c], 10)).toBe(true);

    expect(await a.rollBack('the fault')).toBe('store.unavailable');
    expect([a.percentage, a.latched]).toEqual([0, true]);
    expect(await a.set(20)).toMatch(/^(store\.unavailable|rollout\.latched)$/);

    await end(server);
    await expectRolledBack([a, b, c]);
    expect(await reasonsOf(c, 'rollback')).toEqual(['the fault']);
    expect(await reasonsOf(c, 'reassert')).toEqual([]);
  });

  test('gets a rollback from a process that was started again meanwhile', async () => {
    const server = await lab.server(...options);
    const [a, b, c] = await ramp(server);
    await begin(server);
    await until(async () => (await a.rollBack('the fault')) === 'store.unavailable' || a.latched);
    await until(() => a.rollout.store.waiting === 1);
    await a.rollout.stored().catch(() => {});
    await a.close();
    const again = await start(server, 'a', { stateDir });
    expect(again.percentage).toBe(0);
    await end(server);
    await expectRolledBack([again, b, c]);
    expect(await reasonsOf(c, 'rollback')).toEqual(['the fault']);
  });
});

describe('a server that was started again empty', () => {
  test('is given 0 %, latched, by the processes that remember', async () => {
    const server = await lab.server();
    const replicas = await ramp(server);
    const { generation } = replicas[0].document.plan;
    await server.restart();
    await expectRolledBack(replicas);
    expect(replicas[1].document.plan).toMatchObject({ generation: generation + 1, reason: 'store lost' });
    expect(await reasonsOf(replicas[2], 'store_lost')).toEqual(['store lost']);
  });

  test('keeps a latch that the processes remember, without another generation', async () => {
    const server = await lab.server();
    const replicas = await ramp(server);
    await replicas[0].rollBack();
    await until(() => replicas.every(({ latched }) => latched));
    const { generation } = replicas[0].document.plan;
    await server.restart();
    await expectRolledBack(replicas);
    expect(replicas[2].document.plan.generation).toBe(generation);
  });

  test('means 0 % to processes that know nothing', async () => {
    const server = await lab.server();
    for (const replica of await ramp(server)) await replica.close();
    await server.restart();
    const fresh = await start(server, 'd');
    expect(fresh.document).toMatchObject({
      plan: { percentage: 0, revision: 1 },
      automation: { kind: 'manual' },
    });
  });
});

describe('something else in the place of the rollout', () => {
  test('changes nothing, and what is put in its place by a person is followed downwards', async () => {
    const server = await lab.server();
    const replicas = await ramp(server);
    const spoil = "redis.call('DEL', KEYS[1]) return redis.call('RPUSH', KEYS[1], 'noise')";
    await server.cli('eval', spoil, '1', DOCUMENT_KEY);
    await until(() => replicas.every(({ facts }) => facts.some(({ kind }) => kind === 'store_refused')));
    expect(all(replicas, 10)).toBe(true);
    expect(await replicas[0].set(20)).toBe('store.refused');
    expect(all(replicas, 10)).toBe(true);
    await server.cli('del', DOCUMENT_KEY);
    await expectRolledBack(replicas);
  });

  test('is no reason for a process that starts to begin anew', async () => {
    const server = await lab.server();
    await server.cli('set', DOCUMENT_KEY, 'noise');
    const fresh = await start(server, 'd', { seedPercentage: 50 });
    expect([fresh.percentage, fresh.latched]).toEqual([0, true]);
    expect(await server.cli('get', DOCUMENT_KEY)).toBe('noise');
    await server.cli('del', DOCUMENT_KEY);
    await until(async () => (await server.cli('exists', DOCUMENT_KEY)) === '1');
    await expectRolledBack([fresh]);
  });

  test('of the same revision leaves the lower of both, latched if one of them is', async () => {
    const server = await lab.server();
    const replicas = await ramp(server);
    await replicas[1].rollBack();
    await until(() => replicas.every(({ latched }) => latched));
    const { document } = replicas[0];
    const other = { ...document, plan: { ...document.plan, percentage: 50 }, automation: { kind: 'manual' } };
    const text = JSON.stringify({ format: 'pointsman-rollout/1', document: { ...other, writer: 'x#1' } });
    await server.cli('set', DOCUMENT_KEY, text);
    await until(async () => (await server.cli('get', DOCUMENT_KEY)) !== text);
    await expectRolledBack(replicas);
    expect(replicas.some(({ facts }) => facts.some(({ kind }) => kind === 'plan_reasserted'))).toBe(true);
    expect(await reasonsOf(replicas[0], 'reassert')).toHaveLength(1);
  });
});

describe('a process that cannot reach the server', () => {
  /** The process has a user of its own, which the others can lock out. */
  async function apart(): Promise<{ server: RedisServer; a: RedisReplica; b: RedisReplica; url: string }> {
    const server = await lab.server();
    await server.cli('acl', 'setuser', 'alone', 'on', '>secret', '~*', '&*', '+@all');
    const url = server.url.replace('redis://', 'redis://alone:secret@');
    const a = await start(server, 'a', { stateDir, connection: { url } });
    const b = await start(server, 'b');
    await b.set(10);
    await until(() => all([a, b], 10));
    await lock(server);
    await until(() => !a.rollout.store.up);
    return { server, a, b, url };
  }
  async function lock(server: RedisServer): Promise<void> {
    await server.cli('acl', 'setuser', 'alone', 'off');
    await server.cli('client', 'kill', 'user', 'alone');
  }
  const unlock = (server: RedisServer): Promise<string> => server.cli('acl', 'setuser', 'alone', 'on');

  async function newRamp(b: RedisReplica): Promise<void> {
    expect(await b.rollBack('elsewhere')).toBe('done');
    expect(await b.release()).toBe('done');
    expect(await b.set(20)).toBe('done');
  }

  test('drops its rollback when a newer generation stands there by then, and writes down that it did', async () => {
    const { server, a, b } = await apart();
    expect(await a.rollBack('here')).toBe('store.unavailable');
    expect(a.percentage).toBe(0);
    await newRamp(b);
    await unlock(server);
    await until(() => all([a, b], 20));
    await until(async () => (await reasonsOf(b, 'dropped')).length > 0);
    expect(await reasonsOf(b, 'dropped')).toEqual(['here']);
    expect(await reasonsOf(b, 'rollback')).toEqual(['elsewhere']);
  });

  test('drops it also when it was started again in between', async () => {
    const { server, a, b, url } = await apart();
    expect(await a.rollBack('here')).toBe('store.unavailable');
    await a.close();
    const again = await start(server, 'a', { stateDir, connection: { url }, firstReadMs: 200 });
    expect(again.percentage).toBe(0);
    await newRamp(b);
    await unlock(server);
    await until(() => all([again, b], 20));
    await until(async () => (await reasonsOf(b, 'dropped')).length > 0);
    expect(await reasonsOf(b, 'dropped')).toEqual(['here']);
  });

  test('starts at 0 %, raises nothing, and follows what is stored when it can', async () => {
    const { server, b, url } = await apart();
    const late = await start(server, 'late', { connection: { url }, firstReadMs: 200, seedPercentage: 50 });
    expect(late.document).toMatchObject({ plan: { percentage: 0, revision: 0 } });
    expect(await late.set(20)).toBe('store.unavailable');
    const before = await server.cli('get', DOCUMENT_KEY);
    await unlock(server);
    await until(() => all([late, b], 10));
    expect(await server.cli('get', DOCUMENT_KEY)).toBe(before);
  });

  test('takes a rollback before it knows anything, and hands it to all when it can', async () => {
    const { server, a, b, url } = await apart();
    const late = await start(server, 'late', { connection: { url }, firstReadMs: 200 });
    expect(await late.rollBack('by hand')).toBe('store.unavailable');
    await unlock(server);
    await expectRolledBack([b, a]);
    expect(await reasonsOf(b, 'rollback')).toEqual(['by hand']);
  });
});

test('changes reach everybody although subscribers are killed all the time', async () => {
  const server = await lab.server();
  const [a, b, c] = await ramp(server);
  for (let percentage = 11; percentage <= 30; percentage += 1) {
    await server.cli('client', 'kill', 'type', 'pubsub');
    expect(await a.set(percentage)).toBe('done');
  }
  await until(() => all([a, b, c], 30));
  await server.cli('client', 'kill', 'type', 'pubsub');
  expect(await b.rollBack()).toBe('done');
  await until(() => [a, b, c].every(({ latched, percentage }) => latched && percentage === 0));
  expect(await reasonsOf(a, 'reassert')).toEqual([]);
});
