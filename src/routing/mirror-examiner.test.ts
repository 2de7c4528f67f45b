import { RecordedFacts } from '../../test/support/recorded-facts';
import type { Clock } from '../kernel/clock';
import type { Recording, ShadowReport } from '../transport/shadowing';
import { MirrorExaminer } from './mirror-examiner';
import { MirrorGate } from './mirror-gate';
import { MirrorTally } from './mirror-tally';

const SETTINGS = {
  capacity: 10,
  sliceMs: 2,
  restMs: 20,
  overrunMs: 1_000,
  hangMs: 1_000,
  lagMs: 50,
  failures: 1,
  strains: 2,
  strainWindowMs: 10_000,
  pauseMs: 30_000,
};

const AGREED: ShadowReport = {
  outcome: 'applied',
  latencyMs: 1,
  retransmissions: 0,
  timeouts: { receipt: 0, reply: 0 },
  denied: 0,
  agrees: { outcome: true, frame: true, layout: true },
  baseline: { outcome: true, frame: true },
};

const recording = (commandId: string): Recording => ({
  commandId,
  deviceId: '00000001',
  connection: 1,
  action: { command: 'power', on: true },
  node: 5,
  generation: 1,
  startedAt: 0,
  deadlineAt: 5_000,
  written: [],
  heard: [],
  lostAt: undefined,
  outcome: 'applied',
});

/** A clock whose timers fire when the test says so: as late as a busy process would. */
class Bench {
  now = 0;
  readonly facts = new RecordedFacts();
  readonly examined: string[] = [];
  readonly examiner: MirrorExaminer;
  private due: (() => void)[] = [];

  constructor(examine: (bench: Bench) => ShadowReport = () => AGREED) {
    const clock: Clock = {
      now: () => this.now,
      wallNow: () => this.now,
      after: (_delayMs, task) => {
        this.due.push(task);
        return () => {};
      },
      every: () => () => {},
    };
    const { observe } = this.facts;
    const shadow = {
      examine: ({ commandId }: Recording): ShadowReport => {
        this.examined.push(commandId);
        return examine(this);
      },
    };
    const gate = new MirrorGate({ clock, observe, settings: SETTINGS });
    this.examiner = new MirrorExaminer({
      clock,
      observe,
      shadow,
      gate,
      tally: new MirrorTally(),
      settings: SETTINGS,
    });
  }

  submit(...commandIds: readonly string[]): this {
    for (const id of commandIds) this.examiner.submit(recording(id));
    return this;
  }

  /** What is due runs, so many milliseconds after it was set. */
  turn(afterMs: number): void {
    this.now += afterMs;
    const tasks = this.due;
    this.due = [];
    for (const task of tasks) task();
  }
}

describe('the examiner of the mirror', () => {
  it('examines what waits in one turn, in the order in which it came', () => {
    const bench = new Bench().submit('a', 'b', 'c');
    expect(bench.examined).toEqual([]);
    bench.turn(20);
    expect(bench.examined).toEqual(['a', 'b', 'c']);
  });

  it('gives way when its slice is over, and goes on in the next turn', () => {
    const bench = new Bench((slow) => {
      slow.now += 1;
      return AGREED;
    }).submit('a', 'b', 'c');
    bench.turn(20);
    expect(bench.examined).toEqual(['a', 'b']);
    bench.turn(20);
    expect(bench.examined).toEqual(['a', 'b', 'c']);
  });

  it('leaves a turn to others that comes too late, and is switched off when that happens again', () => {
    const bench = new Bench().submit('a');
    bench.turn(200);
    expect(bench.examined).toEqual([]);
    bench.turn(200);
    bench.turn(20);
    expect(bench.examined).toEqual([]);
    expect(bench.facts.of('mirror_breaker_opened')).toMatchObject([{ cause: 'lagged' }]);
    expect(bench.facts.of('mirror_dropped')).toMatchObject([{ reason: 'breaker_open' }]);
  });

  it('does not examine what still waits when the breaker opens', () => {
    const bench = new Bench(() => {
      throw new Error('a bug in the shadow');
    }).submit('a', 'b', 'c');
    bench.turn(20);
    expect(bench.examined).toEqual(['a']);
    expect(bench.facts.of('mirror_dropped').map(({ reason }) => reason)).toEqual([
      'breaker_open',
      'breaker_open',
    ]);
  });
});
