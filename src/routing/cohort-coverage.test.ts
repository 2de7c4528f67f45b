import { settledFact, planFact } from '../../test/support/every-fact';
import { deviceIds, onNew, routedBy } from '../../test/support/plans';
import { ManualClock } from '../kernel/manual-clock';
import { CohortCoverage } from './cohort-coverage';
import type { Plan } from './plan';
import { Router } from './router';

const IDS = deviceIds(400);

/** A fleet of which the test says who is heard of. */
class Bench {
  readonly clock = new ManualClock();
  readonly heard = new Map<string, number>();
  readonly router: Router;
  readonly coverage: CohortCoverage;

  constructor(plan: Partial<Plan> = {}, rememberedDevices = 1_000) {
    this.router = new Router(
      routedBy({ setAt: new Date(this.clock.wallNow()).toISOString(), ...plan }),
      1_000,
    );
    this.coverage = new CohortCoverage({
      clock: this.clock,
      router: this.router,
      devices: () => [...this.heard].map(([deviceId, lastHeardAt]) => ({ deviceId, lastHeardAt })),
      rememberedDevices,
    });
    this.coverage.report();
  }

  /** A packet of each of these devices, now. */
  hear(ids: readonly string[] = IDS): this {
    for (const id of ids) this.heard.set(id, this.clock.wallNow());
    return this;
  }

  decide(deviceId: string, over: Parameters<typeof settledFact>[0] = {}): void {
    this.coverage.see(settledFact({ deviceId, ...over }));
  }

  follow(plan: Partial<Plan>, latched = false): this {
    this.clock.advance(60_000);
    this.router.use(routedBy(plan, latched));
    this.coverage.see(planFact(1));
    this.clock.advance(60_000);
    return this;
  }

  get cohort(): string[] {
    return onNew(this.router, IDS);
  }
}

describe('the coverage of a cohort', () => {
  it('counts the known devices that the plan gives to the new transport, and their share', () => {
    const bench = new Bench().hear().follow({ percentage: 10 });
    const { known, devices, percentage } = bench.coverage.report();
    expect([known, devices]).toEqual([IDS.length, bench.cohort.length]);
    expect(percentage).toBeCloseTo((100 * bench.cohort.length) / IDS.length);
  });

  it('counts nobody as having spoken right after they moved, and then who speaks', () => {
    const bench = new Bench().hear().follow({ percentage: 50 });
    expect(bench.coverage.report().spoken).toBe(0);
    bench.hear(bench.cohort.slice(0, 7));
    bench.clock.advance(1_000);
    expect(bench.coverage.report().spoken).toBe(7);
  });

  it('does not ask again of those who moved earlier', () => {
    const bench = new Bench().hear().follow({ percentage: 10 });
    const early = bench.cohort;
    bench.hear(early).follow({ percentage: 30 });
    expect(bench.coverage.report()).toMatchObject({ devices: bench.cohort.length, spoken: early.length });
  });

  it('asks again of those who went back and came again', () => {
    const bench = new Bench().hear().follow({ percentage: 10 });
    bench.hear(bench.cohort).follow({ percentage: 0 }, true).follow({ percentage: 10 });
    expect(bench.coverage.report().spoken).toBe(0);
  });

  it('asks again of everybody when the salt has shuffled the fleet', () => {
    const bench = new Bench().hear().follow({ percentage: 90 });
    bench.hear().follow({ percentage: 90, salt: 'another' });
    expect(bench.coverage.report().spoken).toBe(0);
  });

  it('does not mind a change that moves nobody', () => {
    const bench = new Bench().hear().follow({ percentage: 10 });
    bench.hear(bench.cohort).follow({ percentage: 10, mirror: { on: true, percentage: 5 } });
    const { devices, spoken } = bench.coverage.report();
    expect(spoken).toBe(devices);
  });

  it('counts devices with a decided command over the new transport since they moved', () => {
    const bench = new Bench().hear().follow({ percentage: 50 });
    const [applied, queried, refused, legacy, early] = bench.cohort;
    bench.decide(applied as string);
    bench.decide(queried as string, { purpose: 'query' });
    bench.decide(refused as string, { outcome: 'queue_full' });
    bench.decide(legacy as string, { transport: 'legacy' });
    expect(bench.coverage.report().decided).toBe(1);
    bench.decide(early as string);
    bench.follow({ percentage: 0 }).follow({ percentage: 50 });
    expect(bench.coverage.report().decided).toBe(0);
  });

  it('takes a pinned device for moved since it was pinned', () => {
    const [id] = IDS as [string];
    const bench = new Bench().hear().follow({ pins: { [id]: 'new' } });
    expect(bench.coverage.report()).toMatchObject({ devices: 1, spoken: 0 });
    bench.hear([id]).clock.advance(1_000);
    expect(bench.coverage.report()).toMatchObject({ devices: 1, spoken: 1 });
  });

  it('takes the plan that a process starts with for as old as the plan says', () => {
    const bench = new Bench({ percentage: 100, setAt: '2025-06-01T00:00:00.000Z' }).hear();
    bench.clock.advance(1_000);
    expect(bench.coverage.report()).toMatchObject({ devices: IDS.length, spoken: IDS.length });
  });

  it('forgets how it came to be after many changes, and then asks again rather than to believe', () => {
    const bench = new Bench().hear().follow({ percentage: 10 });
    bench.hear(bench.cohort);
    for (let change = 0; change < 40; change += 1) bench.follow({ percentage: 20 + change });
    expect(bench.coverage.report().spoken).toBe(0);
  });

  it('has no share without devices', () => {
    expect(new Bench().coverage.report()).toMatchObject({ known: 0, percentage: undefined });
  });
});
