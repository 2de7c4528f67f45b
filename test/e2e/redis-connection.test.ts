import { sleep, systemClock } from '../../src/kernel/clock';
import { AppError } from '../../src/kernel/errors';
import { systemRandom } from '../../src/kernel/random';
import { RedisConnection } from '../../src/store/redis-connection';
import type { RedisSettings } from '../../src/store/redis-settings';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { until } from '../support/until';

const lab = new RedisLab();
const open: { close(): void }[] = [];

afterEach(async () => {
  for (const connection of open.splice(0)) connection.close();
  await lab.close();
});

function connect(server: RedisServer, over: Partial<RedisSettings> = {}): RedisConnection {
  const settings = { url: server.url, commandTimeoutMs: 300, connectTimeoutMs: 500, ...over };
  const connection = new RedisConnection(settings, { clock: systemClock, random: systemRandom });
  open.push(connection);
  return connection;
}

const set = (connection: RedisConnection): Promise<unknown> =>
  connection.run('set a key', (redis) => redis.set('key', 'value'));

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof AppError)) throw new Error(`expected an AppError, got ${String(outcome)}`);
  return outcome;
}

const causeOf = async (work: Promise<unknown>): Promise<unknown> => (await failureOf(work)).facts.cause;

describe('a command on a connection to Redis', () => {
  test('fails at once while nobody listens, and works as soon as somebody does', async () => {
    const server = await lab.server();
    await server.kill();
    const connection = connect(server);
    await until(async () => (await causeOf(set(connection))) === 'connection');
    await server.start();
    expect(await connection.settled(10_000)).toBe(true);
    expect(await set(connection)).toBe('OK');
  });

  test('times out at a frozen server, says that it may have been done, and works after the thaw', async () => {
    const server = await lab.server();
    const connection = connect(server);
    await connection.settled(10_000);
    server.freeze();
    const error = await failureOf(set(connection));
    expect(error).toMatchObject({ code: 'store.unavailable', facts: { cause: 'timeout', maybeDone: true } });
    // Two in a row and the connection is given up: from then on there is no wait.
    await failureOf(set(connection));
    expect(await failureOf(set(connection))).toMatchObject({ facts: { maybeDone: false } });
    server.thaw();
    await until(() => connection.ready);
    expect(await set(connection)).toBe('OK');
  });

  test.each<[string, (server: RedisServer) => Promise<unknown>, string]>([
    ['out of memory', (server) => server.cli('config', 'set', 'maxmemory', '1'), 'oom'],
    ['a replica', (server) => server.cli('replicaof', '127.0.0.1', '1'), 'readonly'],
    [
      'short of replicas',
      (server) => server.cli('config', 'set', 'min-replicas-to-write', '1'),
      'noreplicas',
    ],
    ['holding another type there', (server) => server.cli('hset', 'list', 'a', '1'), 'wrongtype'],
    ['forbidding it', (server) => server.cli('acl', 'setuser', 'default', '-set', '-lpush'), 'noperm'],
    ['asking for a password since then', (server) => server.cli('config', 'set', 'requirepass', 'x'), 'auth'],
    ['paused', (server) => server.cli('client', 'pause', '1500', 'write'), 'timeout'],
  ])('names the cause when the server is %s', async (_state, arrange, cause) => {
    const server = await lab.server();
    const connection = connect(server);
    await connection.settled(10_000);
    await arrange(server);
    if (cause === 'auth')
      await server.cli('-a', 'x', '--no-auth-warning', 'client', 'kill', 'type', 'normal');
    const work = (): Promise<unknown> =>
      connection.run<unknown>('write', async (redis) =>
        cause === 'wrongtype' ? redis.lpush('list', '1') : redis.set('key', '1'),
      );
    await until(async () => (await causeOf(work())) === cause);
    expect((await failureOf(work())).message).toMatch(/^Redis could not write: /);
  });

  test('names a script that keeps the server busy', async () => {
    const server = await lab.server('--busy-reply-threshold', '50');
    const connection = connect(server);
    await connection.settled(10_000);
    const busy = connection.run('loop', (redis) => redis.eval('while true do end', 0)).catch(() => {});
    await busy;
    await until(async () => (await causeOf(set(connection))) === 'busy');
    expect(await server.cli('script', 'kill')).toBe('OK');
  });

  test('never shows the password, neither a right one nor a wrong one', async () => {
    const server = await lab.server('--requirepass', 'right-secret');
    const url = (password: string): string => server.url.replace('redis://', `redis://:${password}@`);
    const right = connect(server, { url: url('right-secret') });
    await right.settled(10_000);
    expect(await set(right)).toBe('OK');
    const wrong = connect(server, { url: url('wrong-secret') });
    await until(async () => (await causeOf(set(wrong))) === 'auth');
    const error = await failureOf(set(wrong));
    expect(`${error.message} ${JSON.stringify(error.facts)} ${String(error.cause)}`).not.toContain('secret');
  });
});

const DEAF = { listening: () => {}, heard: () => {}, refused: () => {} };

describe('a subscription', () => {
  test('that is refused is tried again on the same connection, and is heard when it is allowed', async () => {
    const server = await lab.server();
    await server.cli('acl', 'setuser', 'deaf', 'on', '>secret', '~*', '&*', '+@all', '-subscribe');
    const url = server.url.replace('redis://', 'redis://deaf:secret@');
    const told = { refused: 0, listening: 0 };
    const refused = (): number => (told.refused += 1);
    const listening = (): number => (told.listening += 1);
    open.push(connect(server, { url }).subscribe('news', { ...DEAF, refused, listening }));
    await until(() => told.refused === 2);
    const connections = await server.cli('info', 'stats');
    // The two of the client, and those of redis-cli.
    expect(Number(/total_connections_received:(\d+)/.exec(connections)?.[1])).toBeLessThan(8);
    await server.cli('acl', 'setuser', 'deaf', '+subscribe');
    await until(() => told.listening === 1);
  });

  test('hears what is published, also after its connection was killed', async () => {
    const server = await lab.server();
    const heard: string[] = [];
    open.push(connect(server).subscribe('news', { ...DEAF, heard: (message) => heard.push(message) }));
    const publish = async (message: string): Promise<boolean> =>
      (await server.cli('publish', 'news', message)) === '1';
    await until(() => publish('before'));
    await server.cli('client', 'kill', 'type', 'pubsub');
    await until(() => publish('after'));
    await until(() => heard.includes('after'));
    expect(heard).toContain('before');
  });

  test('leaves a frozen server and hears again after the thaw', async () => {
    const server = await lab.server();
    const heard: string[] = [];
    open.push(connect(server).subscribe('news', { ...DEAF, heard: (message) => heard.push(message) }));
    await until(async () => (await server.cli('publish', 'news', 'before')) === '1');
    server.freeze();
    // Long enough for two pings without an answer.
    await sleep(systemClock, 5_000);
    server.thaw();
    await until(async () => (await server.cli('publish', 'news', 'after')) !== '0');
    await until(() => heard.includes('after'));
    expect(heard[0]).toBe('before');
  });
});
