import { GUARD_SETTINGS, GuardBench } from '../../../test/support/guard-bench';
import { ManualClock } from '../../kernel/manual-clock';
import { MemoryNoticeboard } from '../../store/noticeboard';
import { reportOf } from './guard-report';
import { replayLooks } from './replay';
import { guardEvidenceOf, replayGuard } from './replay-evidence';
import { rulesOf } from './guard-settings';
import type { Looks } from './weighing';

/** So many commands at once that nobody answers. */
const unanswered = (bench: GuardBench, count: number, path: 'n' | 'l', from = 0): void => {
  for (let at = 0; at < count; at += 1) bench.leave(`${path}${from + at}`);
};

/** Legacy goes on answering, command by command. */
const legacyAnswers = (bench: GuardBench, ms: number): void => {
  for (let passed = 0; passed < ms; passed += 10) {
    bench.clock.advance(10);
    bench.command(`l${(passed / 10) % 100}`);
  }
};

describe('the guard', () => {
  it('stays silent while both paths are well', () => {
    const bench = new GuardBench();
    bench.traffic(300);
    expect([bench.trips, bench.facts, reportOf(bench.guard).state]).toEqual([[], [], 'watching']);
  });

  it('rolls back when new fails more often than legacy, and says with what counts', () => {
    const bench = new GuardBench();
    bench.traffic(120, { new: 10, legacy: 1 });
    expect(bench.rules).toEqual(['failures x10']);
    const [trip] = bench.trips;
    expect(trip?.sentence).toMatch(
      /^since \d\d:\d\d:\d\d \d+ of \d+ commands failed or were late on new, \d+ of \d+ on legacy; 10 times as many failures: evidence [\d.]+, 17.6 is enough$/,
    );
    expect(trip?.evidence).toMatchObject({
      rule: 'failures x10',
      generation: 1,
      scope: 'this replica',
      falseAlarmDays: 100,
      rules: 5,
      deciders: 1,
      looksPerDay: 86_400,
      share: 0.5,
    });
    expect(bench.facts).toEqual([
      expect.objectContaining({ kind: 'guard_tripped', rule: 'failures', acted: true }),
    ]);
  });

  it('does not blame new for what happens to both', () => {
    const bench = new GuardBench();
    bench.traffic(60);
    bench.traffic(300, { new: 40, legacy: 40 });
    expect(bench.trips).toEqual([]);
  });

  it('cannot decide without a control, and says so', () => {
    const bench = new GuardBench();
    for (let at = 0; at < 400; at += 1) {
      bench.clock.advance(100);
      bench.command(`n${at % 200}`, 'rejected');
    }
    expect([bench.trips, reportOf(bench.guard).state]).toEqual([[], 'no_control']);
  });

  it('without any traffic has no data, and forgets nothing else', () => {
    const bench = new GuardBench();
    bench.clock.advance(5_000);
    expect(reportOf(bench.guard)).toMatchObject({ state: 'no_data', share: undefined });
  });

  it('counts a device that fails again and again once', () => {
    const bench = new GuardBench();
    for (let at = 0; at < 3_000; at += 1) {
      bench.clock.advance(50);
      bench.command('n1', 'timeout');
      bench.command(`n${2 + (at % 50)}`);
      bench.command(`l${at % 50}`);
    }
    expect(bench.trips).toEqual([]);
    const { devices } = reportOf(bench.guard);
    expect(devices).toMatchObject({ suspect: 1, setAside: 1 });
  });

  it('leaves queries and what was never transmitted out of it', () => {
    const bench = new GuardBench();
    bench.traffic(20);
    for (let at = 0; at < 40; at += 1) {
      bench.leave(`n${at}`, 'query');
      for (const outcome of ['queue_full', 'expired', 'not_connected', 'cancelled'] as const)
        bench.command(`n${at}`, outcome);
    }
    legacyAnswers(bench, 5_000);
    expect([bench.trips, reportOf(bench.guard).devices.suspect]).toEqual([[], 0]);
  });
});

describe('total failure', () => {
  it('is seen a quarter of a second after five commands in a row are overdue while legacy answers', () => {
    const bench = new GuardBench();
    bench.traffic(5);
    unanswered(bench, 6, 'n');
    legacyAnswers(bench, 1_490);
    expect(bench.trips).toEqual([]);
    legacyAnswers(bench, 1_000);
    expect(bench.rules).toEqual(['run']);
    expect(bench.trips[0]?.sentence).toMatch(
      /^6 commands in a row failed or were late on new, meanwhile 0 of \d+ on legacy; total failure: evidence/,
    );
  });

  it('is none when one command on new is answered in between', () => {
    const bench = new GuardBench();
    unanswered(bench, 8, 'n');
    legacyAnswers(bench, 1_600);
    bench.command('n50');
    legacyAnswers(bench, 2_000);
    expect(bench.trips).toEqual([]);
  });

  it('is nobody’s when legacy fails too', () => {
    const bench = new GuardBench();
    unanswered(bench, 30, 'n');
    unanswered(bench, 30, 'l', 100);
    bench.clock.advance(1_600);
    legacyAnswers(bench, 400);
    expect(bench.trips).toEqual([]);
  });

  it('needs distinct devices: one that is gone is one', () => {
    const bench = new GuardBench();
    for (let at = 0; at < 20; at += 1) bench.leave('n1');
    legacyAnswers(bench, 4_000);
    expect(bench.trips).toEqual([]);
  });
});

describe('a command', () => {
  it('is bad the moment it is overdue, and its late answer changes nothing', () => {
    const bench = new GuardBench();
    const id = bench.leave('n1');
    bench.clock.advance(1_480);
    expect(bench.guard.hearing.decisions.records.remembered).toBe(0);
    bench.clock.advance(40);
    expect(bench.guard.hearing.decisions.records.remembered).toBe(1);
    bench.settle(id, 'applied', 1_600);
    bench.settle(id, 'timeout', 5_000);
    expect(reportOf(bench.guard).devices).toMatchObject({ inFlight: 0, suspect: 1 });
  });

  it('that was applied later than the threshold is bad', () => {
    const bench = new GuardBench();
    bench.settle(bench.leave('n1'), 'applied', 1_501);
    expect(bench.guard.hearing.decisions.records.remembered).toBe(1);
  });

  it('on the wire while its device changes paths tells of neither', () => {
    const bench = new GuardBench();
    const moving = bench.leave('l1');
    const staying = bench.leave('l2');
    bench.moved.set('l1', 'new');
    bench.changePlan({ percentage: 75 });
    expect(reportOf(bench.guard).devices.inFlight).toBe(1);
    bench.settle(moving, 'timeout');
    bench.settle(staying, 'timeout');
    expect(bench.guard.hearing.decisions.records.remembered).toBe(1);
  });

  it.each([
    ['the tick', true],
    ['its answer', false],
  ])('that waited for a process that stood still is late, and %s finds it first', (_what, tickFirst) => {
    const bench = new GuardBench();
    bench.guard.close();
    const id = bench.leave('n1');
    bench.clock.advance(3_000);
    if (tickFirst) bench.guard.hearing.decideOverdue();
    bench.settle(id, 'applied', 3_000);
    bench.guard.hearing.decideOverdue();
    expect(bench.guard.hearing.decisions.run.run.bad).toBe(1);
  });

  it('beyond the bound of those watched is no evidence', () => {
    const bench = new GuardBench({ settings: { maxInFlight: 3 } });
    unanswered(bench, 5, 'n');
    bench.clock.advance(2_000);
    expect(bench.guard.hearing.decisions.records.remembered).toBe(3);
  });
});

describe('a trip', () => {
  it('latches: one rollback a generation, whatever follows', () => {
    const bench = new GuardBench();
    bench.traffic(300, { new: 20 });
    expect(bench.trips).toHaveLength(1);
    expect(reportOf(bench.guard).state).toBe('tripped');
  });

  it('is over with its generation, and evidence begins at zero', () => {
    const bench = new GuardBench();
    bench.traffic(60, { new: 20 });
    bench.changePlan({ generation: 2, percentage: 0 });
    expect(reportOf(bench.guard).trip).toBeUndefined();
    expect(reportOf(bench.guard).rules.map(({ evidence }) => evidence)).toEqual([0, 0, 0, 0, 0]);
    bench.traffic(60, { new: 20 });
    expect(bench.trips.map(({ generation }) => generation)).toEqual([1, 2]);
  });

  it('is only told of when the guard is set to observe', () => {
    const bench = new GuardBench({ settings: { observeOnly: true } });
    bench.traffic(60, { new: 20 });
    expect(bench.trips).toEqual([]);
    expect(bench.facts).toEqual([expect.objectContaining({ kind: 'guard_tripped', acted: false })]);
  });

  it('whose rollback is not stored says so', async () => {
    const bench = new GuardBench({ rollBack: () => Promise.reject(new Error('the store is away')) });
    bench.traffic(60, { new: 20 });
    await bench.clock.advanceAsync(0);
    expect(bench.facts.at(-1)).toEqual({
      kind: 'guard_rollback_failed',
      generation: 1,
      message: 'the store is away',
    });
  });

  it('does nothing at all when it is switched off, not even at total failure', () => {
    const bench = new GuardBench({ settings: { enabled: false } });
    bench.traffic(60, { new: 100, legacy: 0 });
    expect([bench.rules, bench.facts]).toEqual([[], []]);
  });

  it('can be judged again from what its evidence keeps, for fewer and for more days', () => {
    const bench = new GuardBench();
    bench.traffic(120, { new: 10, legacy: 1 });
    const stored = guardEvidenceOf(JSON.parse(JSON.stringify(bench.trips[0]?.evidence)));
    if (!stored) throw new Error('no evidence was kept');
    const same = replayGuard(stored, 100);
    expect(same.now).toMatchObject({ rule: same.then.rule });
    expect(same.now?.score).toBeCloseTo(same.then.score, 9);
    const eager = replayGuard(stored, 1);
    expect(eager.now?.limit).toBeCloseTo(same.then.limit - Math.log(100), 9);
    expect(Date.parse(eager.now?.at ?? '')).toBeLessThanOrEqual(Date.parse(same.now?.at ?? ''));
    expect(replayGuard(stored, 100_000_000).now).toBeUndefined();
  });

  it('by total failure can be judged again command by command, by a limit that no wish for days moves', () => {
    const bench = new GuardBench();
    bench.traffic(5);
    unanswered(bench, 6, 'n');
    legacyAnswers(bench, 2_500);
    const stored = guardEvidenceOf(JSON.parse(JSON.stringify(bench.trips[0]?.evidence)));
    if (!stored?.course) throw new Error('no evidence was kept');
    for (const days of [100, 100_000]) {
      const { then, now } = replayGuard(stored, days);
      expect(now).toMatchObject({ rule: 'run', score: then.score, limit: 15, at: stored.at });
    }
    const [first, ...rows] = stored.course.rows;
    const answered = {
      ...stored,
      course: { ...stored.course, rows: first ? [[...first.slice(0, 1), 1, 0, 0], ...rows] : [] },
    };
    expect(replayGuard(guardEvidenceOf(answered) ?? stored, 100).now).toBeUndefined();
    expect(guardEvidenceOf({ ...stored, course: undefined })).toBeUndefined();
  });

  it('can be judged again from its evidence alone, with these limits and with stricter ones', () => {
    const bench = new GuardBench();
    bench.traffic(120, { new: 10, legacy: 1 });
    const { looks, score } = bench.trips[0]?.evidence as unknown as { looks: Looks; score: number };
    const { rules } = rulesOf(GUARD_SETTINGS);
    const { limits } = bench.guard.scales.own;
    const stored = JSON.parse(JSON.stringify(looks)) as Looks;
    expect(replayLooks(stored, rules, limits)?.reading.score).toBeCloseTo(score, 9);
    const stricter = { ...limits, failures: { ...limits.failures, nats: score + 5 } };
    expect(replayLooks(stored, rules, stricter)).toBeUndefined();
  });

  it('keeps a bounded part of a long segment', () => {
    const bench = new GuardBench();
    bench.traffic(900, { new: 0.6, legacy: 0.3 });
    expect(bench.guard.scales.own.looksSince(0).rows).toHaveLength(300);
  });
});

describe('a change of the percentage', () => {
  it('keeps the evidence and measures the share anew', () => {
    const bench = new GuardBench();
    bench.traffic(6, { new: 5, legacy: 0 });
    const before = bench.guard.scales.own.test.state;
    expect(Math.max(...before.scores)).toBeGreaterThan(1);
    bench.changePlan({ percentage: 75 });
    expect(bench.guard.scales.own.test.state).toEqual({
      exposure: { new: 0, legacy: 0 },
      scores: before.scores,
    });
  });

  it('sets the limits by what was measured before the first device moved', () => {
    const bench = new GuardBench();
    const limit = () => bench.guard.scales.own.limits.failures.nats;
    const unknown = limit();
    bench.changePlan({ percentage: 95, rates: { firstFailures: 0.05, breakages: 0.0001 } });
    expect(limit()).toBeLessThan(unknown - 4);
  });
});

describe('a silent device', () => {
  const beat = (bench: GuardBench, minutes: number, ids: readonly string[]): void => {
    for (let at = 0; at < minutes; at += 1) {
      bench.clock.advance(60_000);
      for (const id of ids) bench.heartbeat(id);
    }
  };

  it('is broken, once, when it kept a rhythm and misses it three times', () => {
    const bench = new GuardBench();
    beat(bench, 20, ['n1', 'l1']);
    beat(bench, 3, ['l1']);
    expect(reportOf(bench.guard).devices.setAside).toBe(0);
    beat(bench, 30, ['l1']);
    expect(reportOf(bench.guard).devices).toMatchObject({ setAside: 1, followed: 2 });
  });

  it('tells of neither path when it was moved since it was last heard', () => {
    const bench = new GuardBench();
    beat(bench, 20, ['l1']);
    bench.moved.set('l1', 'new');
    bench.clock.advance(600_000);
    expect(reportOf(bench.guard).devices.setAside).toBe(0);
  });
});

describe('guards of several replicas', () => {
  const pair = (board?: MemoryNoticeboard) => {
    const clock = new ManualClock();
    const shared = board ?? new MemoryNoticeboard(clock);
    const [a, b] = ['a', 'b'].map((replica) => new GuardBench({ clock, board: shared, replica })) as [
      GuardBench,
      GuardBench,
    ];
    /** Both get commands: the devices of each are its own. */
    const run = async (seconds: number, badOnNew: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        for (const [bench, prefix] of [
          [a, 1000],
          [b, 2000],
        ] as const) {
          for (let at = 0; at < 25; at += 1) {
            const id = prefix + ((second * 25 + at) % 500);
            bench.command(`n${id}`, at < badOnNew ? 'rejected' : 'applied');
            bench.command(`l${id}`);
          }
        }
        await clock.advanceAsync(1_000);
      }
    };
    return { a, b, run };
  };

  it('add up: two that see little each see enough together', async () => {
    const { a, b, run } = pair();
    await run(30, 0);
    expect([reportOf(a.guard).scope, reportOf(a.guard).replicas]).toEqual(['all replicas', 2]);
    expect(reportOf(a.guard).share).toBeCloseTo(0.5, 6);
    await run(30, 1);
    expect([a.rules, b.rules]).toEqual([['failures x10'], ['failures x10']]);
    expect(a.trips[0]?.evidence).toMatchObject({ scope: 'all replicas', deciders: 1 });
    const segment = a.trips[0]?.evidence.new as { bad: number };
    expect(segment.bad).toBe((b.trips[0]?.evidence.new as { bad: number }).bad);
  });

  it('decide each alone, with a higher limit, once the board is away', async () => {
    const clock = new ManualClock();
    const board = new MemoryNoticeboard(clock);
    let away = false;
    const fragile = {
      post: (...args: Parameters<MemoryNoticeboard['post']>) =>
        away ? Promise.reject(new Error('away')) : board.post(...args),
      read: (name: string) => (away ? new Promise<never>(() => {}) : board.read(name)),
    };
    const one = new GuardBench({ clock, board: fragile, replica: 'a' });
    const two = new GuardBench({ clock, board: fragile, replica: 'b' });
    await clock.advanceAsync(5_000);
    expect(reportOf(one.guard).scope).toBe('all replicas');
    away = true;
    await clock.advanceAsync(5_000);
    expect(reportOf(one.guard)).toMatchObject({ scope: 'this replica', replicas: 2 });
    for (let second = 0; second < 60; second += 1) {
      for (let at = 0; at < 20; at += 1) {
        one.command(`n${(second * 20 + at) % 200}`, at < 3 ? 'rejected' : 'applied');
        one.command(`l${(second * 20 + at) % 200}`);
      }
      await clock.advanceAsync(1_000);
    }
    expect(one.trips[0]?.evidence).toMatchObject({ scope: 'this replica', deciders: 2 });
    expect(one.trips[0]?.evidence.limit).toBeCloseTo(Math.log(5 * 100 * 2 * 86_400), 6);
    expect(two.trips).toEqual([]);
  });

  it('leave out tallies of another plan, and what is no tally', async () => {
    const { a, b, run } = pair();
    await run(5, 0);
    b.changePlan({ generation: 7 });
    await run(60, 0);
    const { exposure } = a.guard.scales.together.test.state;
    const own = a.guard.scales.own.test.state.exposure;
    expect(exposure.new / own.new).toBeLessThan(1.5);
  });
});
