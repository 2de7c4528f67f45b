import { systemClock } from '../../src/kernel/clock';
import { dialTo } from '../../src/simulator/connector';
import { Fleet } from '../../src/simulator/fleet';
import { field } from '../support/http';
import { testSeed } from '../support/long-run';
import { RedisLab } from '../support/redis-server';
import { Serving } from '../support/serving';
import { inTemporaryFolder } from '../support/temporary-folder';
import { until } from '../support/until';

const DEVICES = 12;
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1';

describe('a replica whose Redis, Prometheus and fellow replica are gone', () => {
  const lab = new RedisLab();
  afterAll(() => lab.close());

  it(
    'routes every command by the last plan, and by legacy alone as soon as it is told to roll back',
    () =>
      inTemporaryFolder(async (folder) => {
        const redis = await lab.server();
        const parts = { store: { url: redis.url }, prometheus: { url: NOWHERE } };
        const [serving, fellow] = (await Promise.all(
          ['a', 'b'].map((name) => Serving.start(folder, name, parts)),
        )) as [Serving, Serving];
        const address = { host: '127.0.0.1', port: serving.devicePort, tls: false };
        const settings = { size: DEVICES, seed: testSeed(), timing: 'lab' } as const;
        const fleet = new Fleet({ clock: systemClock, connect: dialTo([address]), settings });
        const ask = (path: string, body: object, method = 'POST') => serving.ask({ path, body, method });
        const transports = async (): Promise<unknown[]> => {
          const answers = await Promise.all(
            fleet.devices.map(({ id }) => ask(`/v1/devices/${id}/commands`, { command: 'power', on: true })),
          );
          expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
          return answers.map((answer) => field(answer, 'transport'));
        };
        try {
          fleet.start();
          await until(async () => (await serving.metric('tcp_comm_devices_connected')) === DEVICES);
          await until(async () => (await serving.metric('tcp_comm_replicas')) === 2);
          const half = { percentage: 50, confirm: true, reason: 'half of them' };
          await until(async () => (await ask('/v1/rollout/percentage', half, 'PUT')).status === 200);
          const before = await transports();
          expect(new Set(before)).toEqual(new Set(['new', 'legacy']));

          await redis.kill();
          fellow.program.signal('SIGKILL');
          await fellow.program.end();
          expect(await transports()).toEqual(before);
          expect((await ask('/v1/rollout/percentage', { ...half, percentage: 60 }, 'PUT')).status).toBe(503);
          expect(await transports()).toEqual(before);
          expect((await ask('/v1/rollout/rollback', { reason: 'to be safe' })).status).toBe(503);
          expect(new Set(await transports())).toEqual(new Set(['legacy']));
        } finally {
          for (const { program } of [serving, fellow]) program.signal('SIGKILL');
          fleet.stop();
          await Promise.all([serving.program.end(), fellow.program.end()]);
        }
      }),
    60_000,
  );
});
