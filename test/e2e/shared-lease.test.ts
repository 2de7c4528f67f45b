import { systemClock } from '../../src/kernel/clock';
import { seededRandom } from '../../src/kernel/random';
import { SharedLease } from '../../src/store/lease';
import { RedisConnection } from '../../src/store/redis-connection';
import { RedisLeaseRegister } from '../../src/store/redis-lease';
import { RedisNoticeboard } from '../../src/store/redis-noticeboard';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { until } from '../support/until';

const PREFIX = 'pointsman';
const LONG_MS = 60_000;

describe('what replicas share over Redis', () => {
  const lab = new RedisLab();
  const connections: RedisConnection[] = [];
  let server: RedisServer;

  async function connect(): Promise<RedisConnection> {
    const parts = { clock: systemClock, random: seededRandom(1) };
    const settings = { url: server.url, commandTimeoutMs: 500, connectTimeoutMs: 1_000 };
    const connection = new RedisConnection(settings, parts);
    connections.push(connection);
    expect(await connection.settled(10_000)).toBe(true);
    return connection;
  }

  beforeAll(async () => {
    server = await lab.server();
  });

  beforeEach(() => server.cli('FLUSHALL'));

  afterAll(async () => {
    for (const connection of connections) connection.close();
    await lab.close();
  });

  describe('the lease', () => {
    let register: RedisLeaseRegister;

    beforeEach(async () => {
      register = new RedisLeaseRegister(await connect(), PREFIX);
    });

    it('stands under the first owner until it is given back, and is prolonged by that one alone', async () => {
      expect(await register.take('a', LONG_MS)).toEqual({ owner: 'a', token: 1 });
      expect(await register.take('b', 2 * LONG_MS)).toEqual({ owner: 'a', token: 1 });
      expect(Number(await server.cli('PTTL', `${PREFIX}:lease`))).toBeLessThanOrEqual(LONG_MS);
      expect(await register.take('a', 2 * LONG_MS)).toEqual({ owner: 'a', token: 1 });
      expect(Number(await server.cli('PTTL', `${PREFIX}:lease`))).toBeGreaterThan(LONG_MS);
      await register.giveUp('b');
      expect(await register.take('b', LONG_MS)).toMatchObject({ owner: 'a' });
      await register.giveUp('a');
      expect(await register.take('b', LONG_MS)).toEqual({ owner: 'b', token: 2 });
    });

    it('is free when its time has passed, and the next owner has a higher token', async () => {
      await register.take('a', 1);
      await until(async () => (await server.cli('EXISTS', `${PREFIX}:lease`)) === '0');
      expect(await register.take('b', LONG_MS)).toEqual({ owner: 'b', token: 2 });
    });

    it.each([
      ['text', ['SET', `${PREFIX}:lease`, 'mine for ever']],
      ['a list', ['LPUSH', `${PREFIX}:lease`, 'x']],
    ])('does not stay with whoever put %s there by hand', async (_name, command) => {
      await server.cli(...command);
      expect(await register.take('a', LONG_MS)).toEqual({ owner: 'a', token: 1 });
    });

    it('goes on above every token that a document was written under, when its counter was lost', async () => {
      await server.cli('SET', `${PREFIX}:fence`, '41');
      expect(await register.take('a', LONG_MS)).toEqual({ owner: 'a', token: 42 });
      await register.giveUp('a');
      expect(await register.take('b', LONG_MS)).toEqual({ owner: 'b', token: 43 });
    });

    it('has one holder, however many want it at once', async () => {
      const held = await Promise.all(
        Array.from({ length: 20 }, async (_, who) => {
          const settings = { ttlMs: LONG_MS, marginMs: 0 };
          const owner = `replica ${who}`;
          const lease = new SharedLease({
            register,
            owner,
            settings,
            clock: systemClock,
            onFailure: () => {},
          });
          return lease.hold();
        }),
      );
      expect(held.filter((one) => one.held)).toEqual([{ held: true, token: 1 }]);
    });

    it('is held by nobody who can be named while Redis does not answer', async () => {
      const failures: unknown[] = [];
      const lease = new SharedLease({
        register,
        owner: 'a',
        settings: { ttlMs: LONG_MS, marginMs: 0 },
        clock: systemClock,
        onFailure: (error) => void failures.push(error),
      });
      server.freeze();
      try {
        expect(await lease.hold()).toEqual({ held: false, holder: undefined });
      } finally {
        server.thaw();
      }
      expect(failures).toMatchObject([{ code: 'store.unavailable' }]);
    });
  });

  describe('the noticeboard', () => {
    const limits = { notices: 3, bytes: 20 };
    let board: RedisNoticeboard;

    beforeEach(async () => {
      board = new RedisNoticeboard(await connect(), PREFIX, limits);
    });

    it('shows the newest notice of each replica, board by board, whatever is in it', async () => {
      await board.post('replicas', 'a', 'one', LONG_MS);
      await board.post('replicas', 'a', '2 two\nlines ü', LONG_MS);
      await board.post('replicas', 'b', '', LONG_MS);
      await board.post('other', 'a', 'x', LONG_MS);
      expect([...(await board.read('replicas'))].sort()).toEqual([
        ['a', '2 two\nlines ü'],
        ['b', ''],
      ]);
      expect(await board.read('nothing')).toEqual(new Map());
    });

    it('takes notices down when their time has passed, and itself with the last one', async () => {
      await board.post('replicas', 'a', 'short', 1);
      await board.post('replicas', 'b', 'long', LONG_MS);
      await until(async () => !(await board.read('replicas')).has('a'));
      expect(await board.read('replicas')).toEqual(new Map([['b', 'long']]));
      await board.post('second', 'a', 'short', 1);
      await until(async () => (await server.cli('EXISTS', `${PREFIX}:board:second`)) === '0');
    });

    it('leaves out a notice too many until there is room, and a notice too long', async () => {
      for (const replica of ['a', 'b']) await board.post('replicas', replica, replica, LONG_MS);
      await board.post('replicas', 'c', 'short', 1);
      await until(async () => !(await board.read('replicas')).has('c'));
      await board.post('replicas', 'd', 'd', LONG_MS);
      await board.post('replicas', 'e', 'e', LONG_MS);
      await board.post('replicas', 'a', 'x'.repeat(21), LONG_MS);
      expect([...(await board.read('replicas'))].sort()).toEqual(['a', 'b', 'd'].map((name) => [name, name]));
    });

    it('does not read what somebody else put there in bulk', async () => {
      await board.post('replicas', 'a', 'a', LONG_MS);
      await server.cli('HSET', `${PREFIX}:board:replicas`, 'huge', `9999999999999 ${'x'.repeat(100)}`);
      await server.cli('HSET', `${PREFIX}:board:replicas`, 'garbage', 'x');
      expect(await board.read('replicas')).toEqual(new Map([['a', 'a']]));
      await server.cli('HSET', `${PREFIX}:board:replicas`, 'b', '9999999999999 b');
      expect(await board.read('replicas')).toEqual(new Map());
    });
  });
});
