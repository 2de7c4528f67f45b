import { ManualClock } from '../../src/kernel/manual-clock';
import { seededRandom } from '../../src/kernel/random';
import { defaultLadder } from '../../src/rollout/default-ladder';
import { isLongRun, testSeed } from '../support/long-run';
import { ROLLBACK_DEMAND } from '../support/scripted-judge';
import { SharedPlans } from '../support/shared-plans';
import { allIsWell, tickingReplica, type TickingReplica } from '../support/ticking-replicas';

const TICKS = 1_000;
const SEEDS = isLongRun ? 20 : 2;
/** A little more than the whole ladder takes. */
const RAMP_MS = 80 * 24 * 60 * 60_000;
const STAGES = defaultLadder().stages.map(({ name }) => name);

class Bench {
  readonly clock = new ManualClock();
  readonly plans: SharedPlans;
  replicas: TickingReplica[] = [];

  constructor(readonly seed: number) {
    this.plans = new SharedPlans(seededRandom(seed));
  }

  async open(): Promise<void> {
    for (const name of ['a', 'b', 'c'])
      this.replicas.push(await tickingReplica(name, this.plans.replica(), this.clock));
    await this.clock.advanceAsync(0);
    this.plans.poll();
    for (const { judge } of this.replicas) judge.says(allIsWell(this.clock));
  }

  /** All three look at once, and look at the store. */
  async tick(): Promise<void> {
    await Promise.all(this.replicas.map(({ ticker }) => ticker.tick()));
    await this.clock.advanceAsync(RAMP_MS / TICKS);
    this.plans.poll();
  }

  get first(): TickingReplica {
    return this.replicas[0] as TickingReplica;
  }

  actions(action: string): string[] {
    return this.plans.entries.filter((entry) => entry.action === action).map(({ after }) => after.stage);
  }
}

describe('three replicas that all take themselves for the leader', () => {
  test.each(Array.from({ length: SEEDS }, (_, at) => testSeed() + at))(
    'take each step of the ladder once in a thousand ticks, with one entry each (seed %d)',
    async (seed) => {
      const bench = new Bench(seed);
      await bench.open();
      await bench.first.rollout.apply({ kind: 'resume', by: 'ana', reason: 'off we go' });
      for (let tick = 0; tick < TICKS; tick += 1) await bench.tick();

      expect(bench.actions('promote')).toEqual(STAGES.slice(1));
      const revisions = bench.plans.entries.map(({ after }) => after.revision);
      expect(revisions).toEqual(revisions.map((_, at) => at + 1));
      const documents = bench.replicas.map(({ rollout }) => rollout.document);
      expect(documents).toEqual(Array(3).fill(bench.plans.document));
      const outcomes = bench.replicas.flatMap(({ facts }) =>
        facts.of('ticked').map(({ outcome }) => outcome),
      );
      expect(new Set(outcomes)).toEqual(new Set(['changed', 'unchanged', 'overtaken']));
      // They did get in each other's way, or nothing was shown.
      expect(bench.plans.conflicts).toBeGreaterThan(0);
    },
    120_000,
  );

  test.each(Array.from({ length: SEEDS }, (_, at) => testSeed() + at))(
    'roll back once when all of them are told to, and stay there (seed %d)',
    async (seed) => {
      const bench = new Bench(seed);
      await bench.open();
      const wish = { by: 'ana', reason: 'try', confirmed: true };
      await bench.first.rollout.apply({ kind: 'set_percentage', percentage: 25, ...wish });
      await bench.tick();
      for (const { judge } of bench.replicas) judge.says({ demands: [ROLLBACK_DEMAND] });
      for (let tick = 0; tick < 50; tick += 1) await bench.tick();

      expect(bench.actions('rollback')).toHaveLength(1);
      for (const { rollout } of bench.replicas)
        expect(rollout.document).toMatchObject({
          plan: { percentage: 0, generation: 2 },
          automation: { kind: 'latched' },
        });
    },
  );
});
