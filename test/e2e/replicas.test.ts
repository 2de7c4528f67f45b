import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { LegacyRemovalView } from '../../src/api/schemas/legacy-removal';
import type { RolloutView } from '../../src/api/schemas/rollout';
import { systemClock } from '../../src/kernel/clock';
import { portOf } from '../../src/kernel/listen-error';
import { Fleet } from '../../src/simulator/fleet';
import { dialInTurn } from '../support/dial-in-turn';
import { isLongRun, testSeed } from '../support/long-run';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { RoamingLoad } from '../support/roaming-load';
import { Serving } from '../support/serving';
import { until } from '../support/until';

const NAMES = ['a', 'b', 'c'];
const DEVICES = 30;
const ROUNDS = isLongRun ? 10 : 1;
const COMMANDS_BEFORE = 200;
const NOBODY_MOVED = { known: DEVICES, devices: 0, spoken: 0, decided: 0, missing: [] };

/** Keeps what it is posted. */
async function inbox(): Promise<{ server: Server; url: string; titles: string[] }> {
  const titles: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      titles.push((JSON.parse(body) as { title: string }).title);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${portOf(server.address())}/hook`, titles };
}

describe('three processes that share a rollout over Redis', () => {
  const lab = new RedisLab();
  const folder = mkdtempSync(join(tmpdir(), 'pointsman-replicas-'));
  let redis: RedisServer;
  let mail: Awaited<ReturnType<typeof inbox>>;
  let servings: Serving[] = [];
  let fleet: Fleet;

  const metrics = (name: string, of: readonly Serving[] = servings) =>
    Promise.all(of.map((serving) => serving.metric(name)));
  const total = async (name: string, of: readonly Serving[]) =>
    (await metrics(name, of)).reduce((sum = 0, one = 0) => sum + one, 0);

  beforeEach(async () => {
    redis = await lab.server();
    mail = await inbox();
    const settings = {
      store: { url: redis.url },
      notify: { receivers: [{ name: 'test', kind: 'json', url: mail.url }] },
      shutdown: { drainMs: 5_000, releaseMs: 1_000, deadlineMs: 20_000 },
    };
    servings = await Promise.all(
      NAMES.map((name) => Serving.start(mkdtempSync(join(folder, 'run-')), name, settings)),
    );
    fleet = new Fleet({
      clock: systemClock,
      connect: dialInTurn(servings.map(({ devicePort }) => devicePort)),
      settings: { size: DEVICES, seed: testSeed(), timing: 'lab' },
    });
    await until(async () => (await metrics('tcp_comm_replicas')).every((seen) => seen === NAMES.length));
    fleet.start();
    await until(async () => (await total('tcp_comm_devices_connected', servings)) === DEVICES);
  }, 60_000);

  afterEach(async () => {
    for (const { program } of servings) program.signal('SIGKILL');
    fleet.stop();
    await Promise.all(servings.map(({ program }) => program.end()));
    mail.server.closeAllConnections();
    mail.server.close();
    await redis.kill();
  }, 60_000);

  afterAll(async () => {
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('have one leader, follow one plan, and tell of each change of it once', async () => {
    await until(async () => (await total('tcp_comm_rollout_leader', servings)) === 1);
    const [a, b, c] = servings as [Serving, Serving, Serving];
    const reason = { reason: 'try it' };
    const wishes = [
      b.ask({ method: 'PUT', path: '/v1/rollout/percentage', body: { percentage: 20, ...reason } }),
    ];
    expect((await Promise.all(wishes)).map(({ status }) => status)).toEqual([200]);
    await until(async () => (await metrics('tcp_comm_canary_percentage')).every((seen) => seen === 20));
    expect((await c.ask({ path: '/v1/rollout/rollback', body: reason })).status).toBe(200);
    await until(async () => (await metrics('tcp_comm_rollout_latched')).every((latched) => latched === 1));
    expect((await a.ask({ path: '/v1/rollout/release', body: reason })).status).toBe(200);
    await until(() => mail.titles.some((title) => title.startsWith('release')));
    const actions = mail.titles.map((title) => title.replace(/ \(.*/, ''));
    expect(actions.filter((action) => action !== 'seed')).toEqual(['set percentage', 'rollback', 'release']);
    expect(await metrics('tcp_comm_revision_skew')).toEqual([0, 0, 0]);
  });

  it('know together how many devices there are', async () => {
    const known = async (serving: Serving): Promise<unknown> => {
      const { body } = await serving.ask({ path: '/v1/rollout' });
      return (body as RolloutView).coverage;
    };
    for (const serving of servings)
      await until(async () => isDeepStrictEqual(await known(serving), NOBODY_MOVED));
    expect(await Promise.all(servings.map(known))).toEqual(servings.map(() => NOBODY_MOVED));
    for (const serving of servings) {
      const { body } = await serving.ask({ path: '/v1/rollout/legacy-removal' });
      const behind = (body as LegacyRemovalView).items.find(({ name }) => name === 'no device left behind');
      expect(behind).toMatchObject({ answer: 'no', finding: `the plan gives ${DEVICES} devices to legacy` });
    }
  });

  it('send an application to another one for a device that is not connected here', async () => {
    const [a] = servings as [Serving];
    const here = new Set(
      (
        (await a.ask({ path: '/v1/devices?limit=100' })).body as { devices: { deviceId: string }[] }
      ).devices.map(({ deviceId }) => deviceId),
    );
    const other = fleet.devices.find(({ id }) => !here.has(id))?.id ?? '';
    const answer = await a.ask({
      path: `/v1/devices/${other}/commands`,
      body: { command: 'power', on: true },
    });
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({
      code: 'command.not_connected',
      detail: expect.stringContaining('another of the 3 replicas'),
    });
  });

  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    'lose no command and no device when one of them is told to stop under load (round %d)',
    async (round) => {
      const load = new RoamingLoad(servings);
      const running = load.run(fleet.devices.map(({ id }) => id));
      await until(() => load.applied >= COMMANDS_BEFORE);
      const stopped = servings[round % servings.length] as Serving;
      const others = servings.filter((serving) => serving !== stopped);
      const ended = await stopped.stop();
      expect({ code: ended.code, err: ended.err }).toEqual({ code: 0, err: '' });
      await until(async () => (await total('tcp_comm_devices_connected', others)) === DEVICES);
      await until(async () => (await metrics('tcp_comm_replicas', others)).every((seen) => seen === 2));
      await until(async () => (await total('tcp_comm_rollout_leader', others)) === 1);
      const applied = load.applied;
      await until(() => load.applied >= applied + COMMANDS_BEFORE);
      load.stop();
      await running;

      expect(load.unanswered).toEqual([]);
      const ids = load.answered.flatMap(({ commandId }) => (commandId === undefined ? [] : [commandId]));
      expect(new Set(ids).size).toBe(ids.length);
      // Nothing ended as a fault of a transport: a device was let go only when it had nothing to do.
      const harmless = ['200', 'draining', 'device.unknown', 'node.unknown', 'command.not_connected'];
      expect(Object.keys(load.codes()).filter((code) => !harmless.includes(code))).toEqual([]);
      const { executed, executedRepeats } = fleet.totals();
      expect([executed <= load.applied, executedRepeats]).toEqual([true, 0]);
    },
    120_000,
  );
});
