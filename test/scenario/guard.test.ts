import { sleep, systemClock } from '../../src/kernel/clock';
import { Rollout } from '../../src/rollout/rollout';
import { CALM, type ChaosSettings } from '../../src/simulator/chaos-settings';
import type { Fleet } from '../../src/simulator/fleet';
import type { TimingName } from '../../src/simulator/timing';
import { Guard } from '../../src/slo/guard/guard';
import { reportOf } from '../../src/slo/guard/guard-report';
import { startApplication, startFleet, until, type TestApplication } from '../support/application';
import { CommandLoad } from '../support/command-load';
import { isLongRun, testSeed } from '../support/long-run';
import { RecordedFacts } from '../support/recorded-facts';

const DEVICES = 60;
const PAUSE_MS = 100;
const LAB_THRESHOLD_MS = 800;
const FIELD_THRESHOLD_MS = 1_500;
const WATCHED_MS = isLongRun ? 120_000 : 4_000;
const TIMEOUT_MS = WATCHED_MS + 60_000;

/** An application at 25 %, without Prometheus, and a load on all devices of its fleet. */
class Bench {
  private constructor(
    readonly application: TestApplication,
    readonly fleet: Fleet,
    readonly facts: RecordedFacts,
    private readonly load: CommandLoad,
  ) {}

  static async start(timing: TimingName, latencyThresholdMs: number): Promise<Bench> {
    const facts = new RecordedFacts();
    const application = await startApplication({
      settings: {
        rollout: { seedPercentage: 25, holdback: 5 },
        guard: { latencyThresholdMs },
      },
      observers: [(fact) => (fact.kind.startsWith('guard_') ? facts.observe(fact) : undefined)],
    });
    const fleet = await startFleet(application, { size: DEVICES, seed: testSeed(), timing });
    const load = new CommandLoad(application, fleet, PAUSE_MS);
    const bench = new Bench(application, fleet, facts, load);
    await until(() => bench.report.state === 'watching');
    return bench;
  }

  get rollout(): Rollout {
    return this.application.container.get(Rollout);
  }

  get report() {
    return reportOf(this.application.container.get(Guard));
  }

  async stop(): Promise<void> {
    await this.load.stop();
    this.fleet.stop();
    await this.application.stop();
  }
}

const broken = (only: ChaosSettings['only']): ChaosSettings => ({ ...CALM, only, partition: 'both' });

describe('the guard of a running application', () => {
  let bench: Bench;

  afterEach(() => bench.stop());

  it(
    'goes back to 0 % by itself when new answers nobody any more, and writes down why',
    async () => {
      bench = await Bench.start('lab', LAB_THRESHOLD_MS);
      expect(bench.rollout.document.plan.percentage).toBe(25);
      bench.fleet.useChaos(broken('new'));
      await until(() => bench.rollout.document.plan.percentage === 0);
      expect(bench.rollout.document.automation.kind).toBe('latched');
      let entry: Awaited<ReturnType<Rollout['history']>>[number] | undefined;
      await until(async () => {
        entry = (await bench.rollout.history(10)).find(({ action }) => action === 'rollback');
        return entry !== undefined;
      });
      expect(entry).toMatchObject({
        by: 'guard',
        before: { percentage: 25, generation: 1 },
        after: { percentage: 0, generation: 2, automation: 'latched' },
        evidence: { generation: 1, scope: 'this replica', falseAlarmDays: 100 },
      });
      expect(entry?.reason).toContain('new');
      const evidence = entry?.evidence as { score: number; limit: number; looks: { rows: unknown[] } };
      expect(evidence.score).toBeGreaterThanOrEqual(evidence.limit);
      expect(evidence.looks.rows.length).toBeGreaterThan(0);
      expect(bench.facts.of('guard_tripped')).toEqual([
        expect.objectContaining({ generation: 1, acted: true }),
      ]);
      expect(bench.facts.of('guard_rollback_failed')).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'stays where it is when both paths fail: that is nobody’s fault',
    async () => {
      bench = await Bench.start('lab', LAB_THRESHOLD_MS);
      bench.fleet.useChaos(broken('all'));
      await sleep(systemClock, WATCHED_MS);
      expect(bench.report.devices.suspect).toBe(DEVICES);
      expect(bench.facts.all).toEqual([]);
      expect(bench.rollout.document.plan.percentage).toBe(25);
    },
    TIMEOUT_MS,
  );

  it(
    'does not blame new for devices that are slow on both paths, as captured ones are',
    async () => {
      bench = await Bench.start('captured', FIELD_THRESHOLD_MS);
      await sleep(systemClock, WATCHED_MS);
      // They do miss the threshold.
      await until(() => bench.report.devices.suspect > 0);
      expect(bench.facts.all).toEqual([]);
      const { percentage, setBy, reason } = bench.rollout.document.plan;
      expect({ percentage, setBy, reason }).toMatchObject({ percentage: 25 });
    },
    TIMEOUT_MS,
  );
});
