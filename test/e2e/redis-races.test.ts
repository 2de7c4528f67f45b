import { seededRandom } from '../../src/kernel/random';
import { isLatched } from '../../src/rollout/document';
import { isLongRun, testSeed } from '../support/long-run';
import { RedisReplica } from '../support/redis-replica';
import { RedisLab } from '../support/redis-server';
import { until } from '../support/until';

const RACES = isLongRun ? 3_000 : 300;

const lab = new RedisLab();
const open: RedisReplica[] = [];
afterEach(async () => {
  for (const replica of open.splice(0)) await replica.close();
  await lab.close();
});

test(`a rollback wins ${RACES} races against a raise, whichever is stored first`, async () => {
  const server = await lab.server();
  const operator = await RedisReplica.start(server, 'operator', { pollMs: 60_000 });
  const guard = await RedisReplica.start(server, 'guard', { pollMs: 60_000 });
  const replicas = [operator, guard];
  open.push(...replicas);
  const raises = new Set<string | undefined>();
  const random = seededRandom(testSeed());
  for (let race = 0; race < RACES; race += 1) {
    expect(await operator.set(10, `race ${race}: start`)).toBe('done');
    await until(() => guard.percentage === 10);
    const runners = [
      () => operator.set(50, `race ${race}: raise`),
      () => guard.rollBack(`race ${race}: rollback`),
    ];
    const guardFirst = random.next() < 0.5;
    const started = (guardFirst ? runners.reverse() : runners).map((run) => run());
    const ended = await Promise.all(started);
    const [raised, rolledBack] = guardFirst ? ended.reverse() : ended;
    raises.add(raised);
    expect([race, rolledBack]).toEqual([race, 'done']);
    const stored = await guard.bench.store.load();
    expect(stored).toMatchObject({ document: { plan: { percentage: 0 }, automation: { kind: 'latched' } } });
    await until(() => replicas.every(({ latched, percentage }) => latched && percentage === 0));
    expect(await operator.release(`race ${race}: release`)).toBe('done');
  }
  const trail = (await operator.rollout.history(RACES * 10)).filter(({ action }) => action === 'rollback');
  expect(trail).toHaveLength(RACES);
  // Both orders were run: the raise first, and the rollback first.
  expect([...raises].sort()).toEqual(['done', 'revision.mismatch']);
  // Nobody ever routed by more than 0 % while latched.
  for (const { routed } of replicas)
    expect(routed.filter((document) => isLatched(document) && document.plan.percentage > 0)).toEqual([]);
});
