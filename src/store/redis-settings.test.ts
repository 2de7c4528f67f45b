import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { seededRandom } from '../kernel/random';
import { failureOf, unavailable } from './redis-failure';
import { keyPrefixOf, redisOptions, usesRedis, type RedisSettings } from './redis-settings';

const options = (over: Partial<RedisSettings>) =>
  redisOptions({ commandTimeoutMs: 400, connectTimeoutMs: 1_000, ...over }, seededRandom(1));

describe('options of a connection to Redis', () => {
  test('come from the address', () => {
    expect(options({ url: 'rediss://ana:p%40ss@redis.example:6380/3' })).toMatchObject({
      host: 'redis.example',
      port: 6380,
      username: 'ana',
      password: 'p@ss',
      db: 3,
      tls: { servername: 'redis.example' },
    });
    expect(options({ url: 'redis://[::1]' })).toMatchObject({ host: '::1', port: 6379, db: 0 });
  });

  test('never let a command wait for a connection, or be sent twice', () => {
    expect(options({ url: 'redis://h' })).toMatchObject({
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      commandTimeout: 400,
    });
  });

  test('find the master by Sentinels, and leave it when they say that there is another', () => {
    const sentinel = { name: 'pointsman', nodes: ['s1:26380', 's2'] };
    const made = options({ sentinel });
    expect(made).toMatchObject({
      name: 'pointsman',
      role: 'master',
      failoverDetector: true,
      sentinels: [
        { host: 's1', port: 26_380 },
        { host: 's2', port: 26_379 },
      ],
    });
    expect(made).not.toHaveProperty('host');
    expect([usesRedis({ sentinel }), usesRedis({ url: 'redis://h' }), usesRedis({})]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('have the password of the file, as it is at that moment', () =>
    inTemporaryFolder((folder) => {
      const passwordFile = join(folder, 'password');
      const settings = { url: 'redis://:old@h', passwordFile };
      expect(options(settings).password).toBe('old');
      writeFileSync(passwordFile, 'new\n');
      expect(options(settings).password).toBe('new');
    }));

  test('connect again after half a second to a second at most', () => {
    const { retryStrategy } = options({ url: 'redis://h' });
    for (const times of [1, 5, 50, 5_000]) expect(retryStrategy?.(times)).toBeLessThanOrEqual(1_000);
    expect(retryStrategy?.(5_000)).toBeGreaterThanOrEqual(500);
  });

  test('keep the keys of a rollout together', () => {
    expect(keyPrefixOf({ keyPrefix: 'pointsman', rollout: 'main' })).toBe('pointsman:{main}');
  });
});

describe('what goes wrong with Redis', () => {
  test.each([
    [
      'READONLY You can’t write against a read only replica. script: 5f, on @user_script:1.',
      'readonly',
      false,
    ],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'oom', false],
    ['MISCONF Redis is configured to save RDB snapshots', 'misconf', false],
    ['MASTERDOWN Link with MASTER is down', 'masterdown', false],
    ['LOADING Redis is loading the dataset in memory', 'loading', false],
    ['WRONGPASS invalid username-password pair or user is disabled.', 'auth', false],
    ['Command timed out', 'timeout', true],
    ['Connection is closed.', 'connection', true],
    ["Stream isn't writeable and enableOfflineQueue options is false", 'connection', false],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'connection', false],
    ['All sentinels are unreachable and retry is disabled.', 'connection', true],
    ['certificate has expired', 'certificate', false],
    ['ERR something new', 'server', false],
  ])('has a name: %s', (message, cause, maybeDone) => {
    expect(failureOf(new Error(message))).toMatchObject({ cause, maybeDone });
  });

  test('never repeats what a command held', () => {
    const said = new Error(
      "ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'ana' 'secret'",
    );
    const error = unavailable('connect', failureOf(said));
    expect(error.message).toBe("Redis could not connect: ERR unknown command 'HELLO'");
    expect(error.cause).toBeUndefined();
  });
});
