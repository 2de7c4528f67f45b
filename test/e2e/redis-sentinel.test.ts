import { isDeepStrictEqual } from 'node:util';
import { sleep, systemClock } from '../../src/kernel/clock';
import { randomInteger, seededRandom, type Random } from '../../src/kernel/random';
import { isLatched } from '../../src/rollout/document';
import { isLongRun, testSeed } from '../support/long-run';
import { RedisReplica } from '../support/redis-replica';
import { RedisLab, type RedisServer } from '../support/redis-server';
import { until } from '../support/until';

const ROUNDS = isLongRun ? 24 : 2;
const DOWN_AFTER_MS = 500;
const PATIENCE_MS = 60_000;
const TIMEOUT_MS = 120_000;
const SEEDS = Array.from({ length: ROUNDS }, (_, round) => testSeed() + round);

const lab = new RedisLab();
const open: RedisReplica[] = [];
afterEach(async () => {
  for (const replica of open.splice(0)) await replica.close();
  await lab.close();
});

interface Topology {
  readonly master: RedisServer;
  readonly sentinels: readonly RedisServer[];
}

async function topology(): Promise<Topology> {
  const master = await lab.server();
  const copies = [await lab.replicaOf(master), await lab.replicaOf(master)];
  for (const copy of copies)
    await until(async () => (await copy.cli('info', 'replication')).includes('master_link_status:up'));
  const sentinels = await lab.sentinels(master, 3, DOWN_AFTER_MS);
  // A failover needs Sentinels that know of somebody to promote.
  for (const sentinel of sentinels)
    await until(async () =>
      (await sentinel.cli('sentinel', 'master', 'pointsman')).includes('num-slaves\n2'),
    );
  return { master, sentinels };
}

async function start(sentinels: readonly RedisServer[], name: string): Promise<RedisReplica> {
  const nodes = sentinels.map(({ port }) => `127.0.0.1:${port}`);
  const connection = { url: undefined, sentinel: { name: 'pointsman', nodes } };
  const replica = await RedisReplica.start(undefined, name, { connection });
  open.push(replica);
  return replica;
}

async function masterPort(sentinel: RedisServer): Promise<number> {
  const answer = await sentinel.cli('sentinel', 'get-master-addr-by-name', 'pointsman');
  return Number(answer.split('\n')[1]);
}

/** Freezes the master a little before or after the rollback, and lets it go on when another has taken its place. */
async function rollBackAround(
  random: Random,
  { master, sentinels }: Topology,
  by: RedisReplica,
): Promise<void> {
  const [sentinel] = sentinels as [RedisServer];
  const freeze = async (): Promise<void> => {
    await sleep(systemClock, randomInteger(random, 0, 400));
    master.freeze();
  };
  const rollBack = async (): Promise<string> => {
    await sleep(systemClock, randomInteger(random, 0, 400));
    return by.rollBack('the fault');
  };
  const [, answer] = await Promise.all([freeze(), rollBack()]);
  expect(['done', 'store.unavailable']).toContain(answer);
  expect([by.percentage, by.latched]).toEqual([0, true]);
  await until(async () => (await masterPort(sentinel)) !== master.port, PATIENCE_MS);
  await sleep(systemClock, randomInteger(random, 0, 1_000));
  master.thaw();
}

test.each(SEEDS)(
  'a rollback outlives a master that freezes around it and is replaced (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const made = await topology();
    const replicas = [
      await start(made.sentinels, 'a'),
      await start(made.sentinels, 'b'),
      await start(made.sentinels, 'c'),
    ];
    const [a, b] = replicas as [RedisReplica, RedisReplica];
    expect(await b.set(50)).toBe('done');
    await until(() => replicas.every(({ percentage }) => percentage === 50));

    await rollBackAround(random, made, a);

    await until(async () => {
      const stored = await b.bench.store.load().catch(() => undefined);
      return (
        stored?.kind === 'found' &&
        isLatched(stored.document) &&
        replicas.every(({ document }) => isDeepStrictEqual(document, stored.document))
      );
    }, PATIENCE_MS);
    // The old master has been thawed: what it still says must not be followed.
    await sleep(systemClock, 1_500);
    for (const { routed, percentage, latched } of replicas) {
      expect([percentage, latched]).toEqual([0, true]);
      const since = routed.slice(routed.findIndex(isLatched));
      expect(since.filter(({ plan }) => plan.percentage > 0)).toEqual([]);
    }
    // Written by who wished it, or, when the failover lost that, by who remembered.
    const trail = (await b.rollout.history(100)).map(({ action }) => action);
    expect(trail.filter((action) => ['rollback', 'reassert'].includes(action))).not.toEqual([]);
  },
  TIMEOUT_MS,
);
