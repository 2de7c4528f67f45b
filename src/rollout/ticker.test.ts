import { documentWith } from '../../test/support/plans';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { judgementOf, ROLLBACK_DEMAND, ScriptedJudge, verdictOf } from '../../test/support/scripted-judge';
import { AppError } from '../kernel/errors';
import { ManualClock } from '../kernel/manual-clock';
import type { Judgement } from '../slo/verdict';
import { LocalLease, type Held, type Lease } from '../store/lease';
import { MemoryNoticeboard } from '../store/noticeboard';
import type { RolloutDocument } from './document';
import { JudgementBoard } from './judgement-board';
import type { Applied, Wished } from './rollout';
import { Ticker, type TickedRollout } from './ticker';

const SETTINGS = { tickTimeoutMs: 10_000, judgementTtlMs: 60_000 };

/** Keeps what it is asked to apply. */
class AskedRollout implements TickedRollout {
  document: RolloutDocument = documentWith({ generation: 3 });
  readonly asked: { readonly judgement: Judgement; readonly token: number | undefined }[] = [];
  answer: () => Promise<Applied> = () => Promise.resolve({ document: this.document });

  apply(wished: Wished, token?: number): Promise<Applied> {
    if (wished.kind !== 'tick') throw new Error(`a ticker asks for ${wished.kind}`);
    this.asked.push({ judgement: wished.judgement, token });
    return this.answer();
  }
}

/** A lease that is as the test says. */
class SetLease implements Lease {
  belief: Held = { held: true, token: 7 };

  hold(): Promise<Held> {
    return Promise.resolve(this.belief);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }
}

class Bench {
  readonly clock = new ManualClock();
  readonly facts = new RecordedFacts();
  readonly judge = new ScriptedJudge(this.clock);
  readonly rollout = new AskedRollout();
  readonly notices = new MemoryNoticeboard(this.clock);
  readonly lease = new SetLease();
  readonly ticker = this.tickerOf('a', this.lease);

  tickerOf(replica: string, lease: Lease): Ticker {
    const { clock, notices, rollout, judge } = this;
    const { observe } = this.facts;
    const board = new JudgementBoard({ board: notices, replica, ttlMs: SETTINGS.judgementTtlMs, observe });
    return new Ticker({ rollout, judge, lease, board, settings: SETTINGS, clock, observe });
  }

  get outcomes(): string[] {
    return this.facts.of('ticked').map(({ outcome }) => outcome);
  }
}

describe('a tick', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  test('asks about the present generation and stage, and applies the answer under the token of the lease', async () => {
    bench.judge.says({ objectives: [verdictOf('command-success')] });
    await bench.ticker.tick();
    expect(bench.judge.questions).toEqual([
      { generation: 3, stage: 'dark-launch', since: '2026-01-01T00:00:00.000Z' },
    ]);
    expect(bench.rollout.asked).toMatchObject([{ token: 7, judgement: { generation: 3 } }]);
    expect(bench.outcomes).toEqual(['changed']);
    expect(bench.ticker.latestJudgement?.objectives).toHaveLength(1);
  });

  test('asks nobody while another replica holds the lease', async () => {
    bench.lease.belief = { held: false, holder: 'b' };
    await bench.ticker.tick();
    expect([bench.judge.questions, bench.rollout.asked]).toEqual([[], []]);
  });

  test('that loses the lease while it is judged leaves it to the one who has it', async () => {
    bench.judge.says(() => {
      bench.lease.belief = { held: false, holder: 'b' };
      return { demands: [ROLLBACK_DEMAND] };
    });
    await bench.ticker.tick();
    expect(bench.rollout.asked).toEqual([]);
    expect(bench.outcomes).toEqual(['overtaken']);
  });

  test('is for every replica while nobody can say who holds the lease, without a token', async () => {
    bench.lease.belief = { held: false, holder: undefined };
    bench.judge.says({ demands: [ROLLBACK_DEMAND] });
    await bench.ticker.tick();
    expect(bench.rollout.asked).toMatchObject([
      { token: undefined, judgement: { demands: [ROLLBACK_DEMAND] } },
    ]);
  });

  test('does not begin while the one before is under way', async () => {
    let answer: (said: object) => void = () => {};
    bench.judge.says(new Promise((resolve) => (answer = resolve)));
    const first = bench.ticker.tick();
    await bench.ticker.tick();
    expect(bench.outcomes).toEqual(['skipped']);
    answer({});
    await first;
    expect(bench.outcomes).toEqual(['skipped', 'changed']);
    expect(bench.judge.questions).toHaveLength(1);
  });

  test.each<[string, (bench: Bench) => void, string]>([
    ['the judge throws', ({ judge }) => judge.says(new Error('a bug')), 'failed'],
    [
      'the rollout throws',
      ({ rollout }) => (rollout.answer = () => Promise.reject(new Error('the store is away'))),
      'failed',
    ],
    [
      'another replica was quicker',
      ({ rollout }) => {
        const quicker = new AppError('revision.mismatch', 'changed by somebody else');
        rollout.answer = () => Promise.reject(quicker);
      },
      'overtaken',
    ],
  ])('says so when %s, and the next one goes on', async (_name, breaks, outcome) => {
    breaks(bench);
    await bench.ticker.tick();
    bench.judge.says({});
    bench.rollout.answer = () => Promise.resolve({ document: bench.rollout.document, unchanged: 'nothing' });
    await bench.ticker.tick();
    expect(bench.outcomes).toEqual([outcome, 'unchanged']);
  });

  test('is given up when no judgement comes; a late one changes nothing, and the next tick goes on', async () => {
    let answer: (said: object) => void = () => {};
    bench.judge.says(new Promise((resolve) => (answer = resolve)));
    const first = bench.ticker.tick();
    await bench.clock.advanceAsync(SETTINGS.tickTimeoutMs);
    await first;
    expect(bench.outcomes).toEqual(['overran']);
    answer({ demands: [] });
    await bench.clock.advanceAsync(0);
    expect(bench.rollout.asked).toEqual([]);
    bench.judge.says({});
    await bench.ticker.tick();
    expect(bench.outcomes).toEqual(['overran', 'changed']);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  test('says when it becomes the leader and when it is it no more, once each', async () => {
    await bench.ticker.tick();
    await bench.ticker.tick();
    bench.lease.belief = { held: false, holder: 'b' };
    await bench.ticker.tick();
    await bench.ticker.renew();
    expect(bench.facts.of('leadership_changed')).toEqual([
      { kind: 'leadership_changed', held: true, token: 7, holder: undefined },
      { kind: 'leadership_changed', held: false, token: undefined, holder: 'b' },
    ]);
  });
});

describe('the latest judgement', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  test('is known on the replicas that do not judge, whole', async () => {
    const demands = [ROLLBACK_DEMAND];
    bench.judge.says({
      objectives: [verdictOf('command-success')],
      demands,
      coverage: { devices: 9, spoken: 4 },
    });
    await bench.ticker.tick();
    const follower = new SetLease();
    follower.belief = { held: false, holder: 'a' };
    const ticker = bench.tickerOf('b', follower);
    expect(ticker.latestJudgement).toBeUndefined();
    await ticker.follow();
    expect(ticker.latestJudgement).toEqual(bench.ticker.latestJudgement);
  });

  test('is not taken from the board by the one who judges', async () => {
    const forged = { ...judgementOf({}, 3), at: '2030-01-01T00:00:00.000Z' };
    await bench.notices.post('judgement', 'evil', JSON.stringify(forged), 60_000);
    await bench.ticker.tick();
    await bench.ticker.follow();
    expect(bench.ticker.latestJudgement?.at).toBe('2026-01-01T00:00:00.000Z');
  });

  test('is none when it is too old, or of another generation', async () => {
    const ticker = bench.tickerOf('b', new LocalLease());
    await ticker.tick();
    bench.clock.advance(SETTINGS.judgementTtlMs);
    expect(ticker.latestJudgement).toBeDefined();
    bench.clock.advance(1);
    expect(ticker.latestJudgement).toBeUndefined();
    await ticker.tick();
    bench.rollout.document = documentWith({ generation: 4 });
    expect(ticker.latestJudgement).toBeUndefined();
  });

  test.each(['{', '{"at":"yesterday"}', '[]', 'null'])('is not %s from the board', async (notice) => {
    bench.lease.belief = { held: false, holder: 'b' };
    await bench.notices.post('judgement', 'b', notice, 60_000);
    await bench.ticker.follow();
    expect(bench.ticker.latestJudgement).toBeUndefined();
  });
});
