import { limitsOf, looksWithEvent, type Limits } from './limits';
import { runEvidence } from './run-rule';
import { rulesFor, SequentialTest, type Reading } from './sequential-test';
import { emptyTally, type Tally } from './tally';

const RULES = rulesFor([2, 4, 10], 20);

/** Limits for so many looks a day with an event on legacy, and for so many guards that decide alone. */
function limits({ failures = 86_400, breakages = 86_400, deciders = 1 } = {}): Limits {
  const nats = (looksPerDay: number) => Math.log(RULES.length + 1) + Math.log(100 * deciders * looksPerDay);
  return {
    failures: { looksPerDay: failures, nats: nats(failures) },
    breakages: { looksPerDay: breakages, nats: nats(breakages) },
  };
}

function second(counts: readonly number[], brokenOnNew = 0): Tally {
  const [decided = 0, failed = 0, ofLegacy = 0, legacyFailed = 0] = counts;
  return {
    new: { decided, failed, broken: brokenOnNew },
    legacy: { decided: ofLegacy, failed: legacyFailed, broken: 0 },
  };
}

class Bench {
  readonly test: SequentialTest;
  trip: (Reading & { readonly at: number }) | undefined;
  private at = 0;

  constructor(private readonly limits_ = limits()) {
    this.test = new SequentialTest(RULES, limits_);
  }

  /** Looks once a second until it trips. */
  run(seconds: number, tallyAt: (t: number) => Tally): this {
    for (const until = this.at + seconds; this.at < until && !this.trip;) {
      this.at += 1;
      const reading = this.test.look(this.at, tallyAt(this.at));
      if (reading) this.trip = { ...reading, at: this.at };
    }
    return this;
  }

  stage(): this {
    this.test.shareChanged(this.limits_);
    return this;
  }

  get scores(): string[] {
    return this.test.readings().map(({ score }) => score.toFixed(4));
  }

  get verdict(): [number, string] | undefined {
    return this.trip && [this.trip.at, this.trip.rule.name];
  }
}

const every = (n: number, t: number): number => Number(t % n === 0);
const zeros = ['0.0000', '0.0000', '0.0000', '0.0000'];

describe('the published vectors of the test', () => {
  it('G1: equal rates never gather evidence', () => {
    const bench = new Bench().run(60, () => second([100, 1, 900, 9]));
    expect([bench.verdict, bench.scores]).toEqual([undefined, zeros]);
  });

  it('G2: nine times as often is blamed on new, and the segment says with what counts', () => {
    const bench = new Bench().run(60, (t) => second([100, 1, 900, 1 - every(10, t)]));
    expect([bench.verdict, bench.scores]).toEqual([
      [18, 'failures x10'],
      ['9.1408', '15.7705', '18.9816', '0.0000'],
    ]);
    expect([bench.trip?.since, bench.trip?.segment]).toEqual([
      0,
      { new: { decided: 1800, bad: 18 }, legacy: { decided: 16_200, bad: 17 } },
    ]);
  });

  it('G3: a legacy without any failure needs no floor', () => {
    const bench = new Bench().run(60, () => second([100, 1, 900, 0]));
    expect([bench.verdict, bench.scores]).toEqual([
      [12, 'failures x10'],
      ['7.1740', '13.4872', '19.9288', '0.0000'],
    ]);
  });

  it('G4: an outage of both paths is nobody’s fault', () => {
    const bench = new Bench();
    bench.run(10, () => second([100, 0, 900, 1])).run(50, () => second([100, 50, 900, 450]));
    expect([bench.verdict, bench.scores]).toEqual([undefined, zeros]);
  });

  it('G5: a small control decides slowly, with a limit that counts its few events', () => {
    const bench = new Bench(limits({ failures: 346 })).run(900, () => second([98, 1, 2, 0]));
    expect(bench.trip?.limit.toFixed(4)).toBe('12.0610');
    expect([bench.verdict, bench.scores]).toEqual([
      [666, 'failures x10'],
      ['6.6935', '10.0657', '12.0972', '0.0000'],
    ]);
  });

  it('G6: without a control there is no evidence', () => {
    const bench = new Bench().run(100, () => second([100, 50, 0, 0]));
    expect([bench.verdict, bench.scores, bench.test.share]).toEqual([undefined, zeros, 1]);
  });

  it('G7: newly broken devices are a stream of their own', () => {
    const bench = new Bench(limits({ breakages: 10 }));
    bench.run(99, (t) => second([3, 0, 29, 0], every(10, t)));
    expect(bench.trip?.limit.toFixed(4)).toBe('8.5172');
    expect([bench.verdict, bench.scores[3], bench.trip?.since, bench.test.share]).toEqual([
      [51, 'breakages x20'],
      '9.8642',
      9,
      3 / 32,
    ]);
  });

  it('G8: a raise of the percentage is not mistaken for more failures', () => {
    const bench = new Bench();
    bench.run(30, (t) => second([100, every(3, t), 900, 1]));
    bench.stage().run(30, (t) => second([500, t % 2, 500, 1]));
    expect([bench.verdict, bench.scores]).toEqual([undefined, zeros]);
  });

  it('G9: evidence begins where it was last zero', () => {
    const bench = new Bench().run(1, () => second([100, 2, 900, 0]));
    bench.run(1, () => second([100, 0, 900, 9])).run(20, () => second([100, 2, 900, 1]));
    expect([bench.verdict, bench.scores, bench.trip?.since]).toEqual([
      [10, 'failures x10'],
      ['9.1408', '15.8840', '21.4369', '0.0000'],
      2,
    ]);
  });

  it('G10: a run of failures is evidence before the second is over', () => {
    const bench = new Bench().run(1, () => second([100, 0, 900, 1])).run(1, () => second([12, 6, 54, 0]));
    expect(bench.scores).toEqual(['3.5590', '6.6728', '9.8199', '0.0000']);
    expect(runEvidence({ bad: 5, legacyGood: 45, legacyBad: 0 }).toFixed(4)).toBe('16.2541');
  });

  it('G11: one of four replicas that decide alone wants more evidence', () => {
    const bench = new Bench(limits({ deciders: 4 })).run(99, (t) => second([25, every(4, t), 225, 0]));
    expect(bench.trip?.limit.toFixed(4)).toBe('18.9676');
    expect([bench.verdict, bench.scores[2]]).toEqual([[49, 'failures x10'], '19.9288']);
  });
});

describe('the limit', () => {
  it('follows from the days in which one false rollback is allowed', () => {
    const inputs = { rules: 5, deciders: 1, share: 0.1, rates: null };
    const of = (falseAlarmDays: number) => limitsOf({ ...inputs, falseAlarmDays }).failures.nats;
    expect(of(100)).toBeCloseTo(17.5814, 4);
    expect(of(1000) - of(100)).toBeCloseTo(Math.log(10), 9);
  });

  it('counts only looks with an event on legacy, and every look while their rate is unknown', () => {
    expect(looksWithEvent(undefined, 0.1)).toBe(86_400);
    expect(looksWithEvent(0, 0.1)).toBe(1);
    expect(looksWithEvent(0.1, 0.98)).toBeCloseTo(86_400 * (1 - Math.exp(-0.004)), 6);
  });

  it('shrinks with the control, because false alarms have fewer beginnings', () => {
    const rates = { firstFailures: 0.1, breakages: 0.001 };
    const nats = [0.1, 0.5, 0.95].map(
      (share) => limitsOf({ falseAlarmDays: 100, rules: 5, deciders: 1, share, rates }).failures.nats,
    );
    expect(nats).toEqual([...nats].sort((a, b) => b - a));
  });
});

describe('a look', () => {
  it('trips only when the limit is held at two looks in a row', () => {
    const bench = new Bench().run(1, () => second([100, 0, 900, 0]));
    bench.run(1, () => second([100, 12, 900, 0])).run(1, () => second([100, 0, 900, 40]));
    expect(bench.verdict).toBeUndefined();
    bench.run(2, () => second([100, 12, 900, 0]));
    expect(bench.verdict?.[0]).toBe(5);
  });

  it('after a long gap begins anew: what came before is of another time', () => {
    const bench = new Bench().run(2, () => second([100, 3, 900, 0]));
    expect(Number(bench.scores[2])).toBeGreaterThan(5);
    bench.test.look(100, emptyTally());
    expect([bench.scores, bench.test.readings()[0]?.since]).toEqual([zeros, 100]);
  });

  it('goes on exactly where another test was, so that stored looks can be judged again', () => {
    const whole = new Bench().run(9, () => second([100, 1, 900, 0]));
    const half = new Bench().run(5, () => second([100, 1, 900, 0]));
    const resumed = new Bench();
    resumed.test.resume(half.test.state);
    resumed.run(4, () => second([100, 1, 900, 0]));
    expect(resumed.scores).toEqual(whole.scores);
  });
});
