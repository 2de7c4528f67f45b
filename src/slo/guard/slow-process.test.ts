import { GuardBench } from '../../../test/support/guard-bench';
import { guardReadings } from './guard-readings';
import { reportOf } from './guard-report';

const DEADLINE_MS = 5_000;
const DEVICES = 60;
const ON_NEW = 15;

/** How long legacy takes to answer the next command, and whether new answers at all. */
interface World {
  legacyMs: () => number;
  newAnswers: boolean;
}

/**
 * A process that gets one turn in 250 to 400 ms: first what became due meanwhile, and then the answers that lay unread.
 * Each device has one command on the wire at a time.
 */
class SlowProcess {
  readonly bench = new GuardBench({ settings: { latencyThresholdMs: 800 } });
  private readonly wire = new Map<string, { id: string; leftAt: number; answeredAt: number }>();
  private turns = 0;

  constructor(readonly world: World) {
    // Its timers would run in between.
    this.bench.guard.close();
  }

  run(seconds: number): void {
    const until = this.bench.clock.now() + seconds * 1000;
    while (this.bench.clock.now() < until) this.turn();
  }

  /** Seconds until it goes back. */
  untilBack(): number {
    const from = this.bench.clock.now();
    while (this.bench.trips.length === 0 && this.bench.clock.now() - from < 300_000) this.turn();
    return (this.bench.clock.now() - from) / 1000;
  }

  private turn(): void {
    const { clock, guard } = this.bench;
    clock.advance(250 + (((this.turns += 1) * 37) % 151));
    guard.hearing.decideOverdue();
    guard.look();
    const now = clock.now();
    this.settle('timeout', ({ leftAt }) => now - leftAt >= DEADLINE_MS);
    this.settle('applied', ({ answeredAt }) => answeredAt <= now);
    for (let at = 0; at < DEVICES; at += 1) this.send(at < ON_NEW ? `n${at}` : `l${at}`, now);
  }

  private send(deviceId: string, leftAt: number): void {
    if (this.wire.has(deviceId)) return;
    const isLegacy = deviceId.startsWith('l');
    const healthyMs = isLegacy ? this.world.legacyMs() : 50;
    const answeredAt = isLegacy || this.world.newAnswers ? leftAt + healthyMs : Infinity;
    this.wire.set(deviceId, { id: this.bench.leave(deviceId), leftAt, answeredAt });
  }

  private settle(
    outcome: 'timeout' | 'applied',
    isDue: (sent: { leftAt: number; answeredAt: number }) => boolean,
  ): void {
    for (const [deviceId, sent] of this.wire) {
      if (!isDue(sent)) continue;
      this.wire.delete(deviceId);
      this.bench.settle(sent.id, outcome, this.bench.clock.now() - sent.leftAt);
    }
  }
}

describe('the guard of a process that stands still again and again', () => {
  it('sees total failure a turn or two late, and not only when commands reach their deadline', () => {
    const slow = new SlowProcess({ legacyMs: () => 50, newAnswers: true });
    slow.run(60);
    slow.world.newAnswers = false;
    expect(slow.untilBack()).toBeLessThan(3);
    expect(slow.bench.rules).toEqual(['run']);
  });

  it('finds no fault while both answer within the threshold', () => {
    const slow = new SlowProcess({ legacyMs: () => 50, newAnswers: true });
    slow.run(300);
    expect(slow.bench.trips).toEqual([]);
    expect(reportOf(slow.bench.guard).devices.suspect).toBe(0);
  });

  it('where legacy is too slow as well lays it to nobody, and shows why: both are bad, and no device is clear', () => {
    const slow = new SlowProcess({ legacyMs: () => 900, newAnswers: true });
    slow.run(60);
    slow.world.newAnswers = false;
    slow.run(300);
    expect(slow.bench.trips).toEqual([]);
    const { state, lately, devices } = reportOf(slow.bench.guard);
    expect({ state, suspect: devices.suspect }).toEqual({ state: 'no_control', suspect: DEVICES });
    expect(lately.new.bad).toBeGreaterThan(0.8 * lately.new.commands);
    expect(lately.legacy).toMatchObject({ bad: lately.legacy.commands, clear: 0 });
  });

  it('shows both shares of bad commands as gauges, so that silence in spite of failures explains itself', () => {
    let command = 0;
    const slow = new SlowProcess({
      legacyMs: () => ((command += 1) % 10 === 0 ? 900 : 50),
      newAnswers: true,
    });
    slow.run(60);
    slow.world.newAnswers = false;
    slow.run(300);
    const { guardBadShareNew, guardBadShareLegacy } = guardReadings(slow.bench.guard);
    expect(guardBadShareNew()).toBeGreaterThan(0.8);
    expect(guardBadShareLegacy()).toBeGreaterThan(0.05);
    expect(guardBadShareLegacy()).toBeLessThan(0.2);
  });
});
