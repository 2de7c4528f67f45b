import { systemClock } from '../../src/kernel/clock';
import { ManualClock } from '../../src/kernel/manual-clock';
import { seededRandom } from '../../src/kernel/random';
import { defaultLadder } from '../../src/rollout/default-ladder';
import { RedisPlanStore } from '../../src/rollout/redis-plan-store';
import { RedisConnection } from '../../src/store/redis-connection';
import { isLongRun, testSeed } from '../support/long-run';
import { RecordedFacts } from '../support/recorded-facts';
import { RedisLab } from '../support/redis-server';
import { allIsWell, tickingReplica, type TickingReplica } from '../support/ticking-replicas';
import { until } from '../support/until';

const TICKS = isLongRun ? 1_000 : 160;
/** One writes down how a day ended, the next can go up. */
const TICKS_AT_A_TIME = 2;
/** In the off-peak window, at which a short run arrives every day. */
const BEGIN = Date.UTC(2026, 0, 1, 3);
const RAMP_MS = 80 * 24 * 60 * 60_000;
const STAGES = defaultLadder().stages.map(({ name }) => name);
const SETTINGS = {
  prefix: 'pointsman:{main}',
  historyLimit: 1_000,
  pollMs: 1_000,
  documentLimitBytes: 1_048_576,
  entryLimitBytes: 65_536,
  waitReplicas: 0,
  waitMs: 200,
  firstReadMs: 10_000,
};

describe('three replicas over one Redis that all take themselves for the leader', () => {
  const lab = new RedisLab();
  const connections: RedisConnection[] = [];
  const stores: RedisPlanStore[] = [];
  const ramp = new ManualClock(BEGIN);

  /** Waits for Redis by real time, and lives through the ramp by another. */
  async function replica(url: string, name: string, seed: number): Promise<TickingReplica> {
    const random = seededRandom(seed);
    const settings = { url, commandTimeoutMs: 2_000, connectTimeoutMs: 2_000 };
    const connection = new RedisConnection(settings, { clock: systemClock, random });
    connections.push(connection);
    const { observe } = new RecordedFacts();
    const parts = { connection, replica: name, settings: SETTINGS, clock: systemClock, random, observe };
    const store = new RedisPlanStore(parts);
    stores.push(store);
    const ticking = await tickingReplica(name, store, ramp);
    ticking.judge.says(allIsWell(ramp));
    return ticking;
  }

  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    for (const connection of connections) connection.close();
    await lab.close();
  });

  it(`take each step of the ladder once in ${TICKS} ticks, with one entry each`, async () => {
    const server = await lab.server();
    const seed = testSeed();
    const replicas = await Promise.all(
      ['a', 'b', 'c'].map((name, at) => replica(server.url, name, seed + at)),
    );
    const [first] = replicas as [TickingReplica];
    const revisions = () => new Set(replicas.map(({ rollout }) => rollout.document.plan.revision));
    await until(() => revisions().size === 1);
    await first.rollout.apply({ kind: 'resume', by: 'ana', reason: 'off we go' });
    for (let tick = 0; tick < TICKS; tick += 1) {
      await Promise.all(replicas.map(({ ticker }) => ticker.tick()));
      if (tick % TICKS_AT_A_TIME === 1) ramp.advance((TICKS_AT_A_TIME * RAMP_MS) / TICKS);
    }
    await until(() => revisions().size === 1);

    const trail = [...(await first.rollout.history(1_000))].reverse();
    const promoted = trail.filter(({ action }) => action === 'promote').map(({ after }) => after.stage);
    expect(promoted).toEqual(STAGES.slice(1));
    expect(trail.map(({ after }) => after.revision)).toEqual(trail.map((_, at) => at + 1));
    const outcomes = new Set(
      replicas.flatMap(({ facts }) => facts.of('ticked').map(({ outcome }) => outcome)),
    );
    expect(outcomes).toEqual(new Set(['changed', 'unchanged', 'overtaken']));
  }, 300_000);
});
