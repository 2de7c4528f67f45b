import { documentWith } from '../../test/support/plans';
import { RecordedFacts } from '../../test/support/recorded-facts';
import { ManualClock } from '../kernel/manual-clock';
import type { RecentCommands } from '../kernel/recent-commands';
import { MemoryNoticeboard, type Noticeboard } from '../store/noticeboard';
import type { RolloutDocument } from './document';
import { Replicas } from './replicas';

const SETTINGS = { announceTtlMs: 3_500, skewMs: 5_000 };

class Bench {
  readonly clock = new ManualClock();
  readonly board = new MemoryNoticeboard(this.clock);
  readonly facts = new RecordedFacts();
  readonly documents = new Map<string, RolloutDocument>();
  readonly replicas = new Map<string, Replicas>();
  readonly commands = new Map<string, RecentCommands>();

  add(replica: string, board: Noticeboard = this.board): Replicas {
    this.documents.set(replica, documentWith({ revision: 4, percentage: 10 }));
    const replicas = new Replicas({
      board,
      replica,
      document: () => this.documents.get(replica) as RolloutDocument,
      connectedDevices: () => 7,
      recentCommands: () => this.commands.get(replica) ?? { all: 0, toNew: 0 },
      settings: SETTINGS,
      clock: this.clock,
      observe: this.facts.observe,
    });
    this.replicas.set(replica, replicas);
    return replicas;
  }

  /** So many seconds in which all of them announce. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      for (const replicas of this.replicas.values()) await replicas.announce();
      this.clock.advance(1_000);
    }
  }

  get skews(): boolean[] {
    return this.facts.of('revision_skew').map(({ skewed }) => skewed);
  }
}

describe('replicas', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  test('know of each other, what each follows and how old that is', async () => {
    const a = bench.add('a');
    bench.add('b');
    await bench.pass(2);
    expect(a.list).toMatchObject([
      { replica: 'a', revision: 4, generation: 1, percentage: 10, devices: 7, ageMs: 0 },
      { replica: 'b', revision: 4, generation: 1, percentage: 10, devices: 7, ageMs: 1_000 },
    ]);
  });

  test('measure together what goes to the new transport, by commands and not by replicas', async () => {
    const a = bench.add('a');
    bench.add('b');
    bench.add('c');
    await bench.pass(1);
    expect(a.effectivePercentage).toBeUndefined();
    bench.commands.set('a', { all: 10, toNew: 5 }).set('b', { all: 90, toNew: 5 });
    await bench.pass(2);
    expect(a.effectivePercentage).toBe(10);
    bench.replicas.delete('b');
    await bench.pass(5);
    expect(a.effectivePercentage).toBe(50);
  });

  test('know at least of themselves, before anything was announced', () => {
    expect(bench.add('a').list).toHaveLength(1);
  });

  test('forget one that has fallen silent, and one that leaves at once', async () => {
    const a = bench.add('a');
    const b = bench.add('b');
    bench.add('c');
    await bench.pass(1);
    bench.replicas.delete('c');
    await b.withdraw();
    bench.replicas.delete('b');
    bench.clock.advance(1);
    await bench.pass(1);
    expect(a.list.map(({ replica }) => replica)).toEqual(['a', 'c']);
    await bench.pass(3);
    expect(a.list.map(({ replica }) => replica)).toEqual(['a']);
  });

  test('raise the alarm once when they follow different plans for too long, and end it', async () => {
    bench.add('a');
    bench.documents.set('a', documentWith({ revision: 5, percentage: 25 }));
    bench.add('b');
    await bench.pass(5);
    expect(bench.skews).toEqual([]);
    await bench.pass(3);
    expect(bench.skews).toContain(true);
    expect([...bench.replicas.values()].every(({ skewed }) => skewed)).toBe(true);
    bench.documents.set('b', documentWith({ revision: 5, percentage: 25 }));
    await bench.pass(3);
    expect([...bench.replicas.values()].some(({ skewed }) => skewed)).toBe(false);
    // Each of the two says so, once at the beginning and once at the end.
    expect(bench.skews).toEqual([true, true, false, false]);
    expect(bench.facts.of('revision_skew')[0]?.replicas).toEqual(['a: 1.5 at 25 %', 'b: 1.4 at 10 %']);
  });

  test('are not said to differ before they can have heard of a change, and then they are', async () => {
    const a = bench.add('a');
    bench.add('b');
    await bench.pass(8);
    bench.documents.set('a', documentWith({ revision: 5, percentage: 25 }));
    const differing = () => a.list.filter(({ differs }) => differs).map(({ replica }) => replica);
    expect(differing()).toEqual([]);
    await bench.pass(2);
    expect(differing()).toEqual([]);
    await bench.pass(3);
    expect(differing()).toEqual(['b']);
  });

  test('take two documents under one revision for different plans', async () => {
    bench.add('a');
    bench.add('b');
    bench.documents.set('b', documentWith({ revision: 4, percentage: 0 }));
    await bench.pass(8);
    expect(bench.skews).toContain(true);
  });

  test('raise no alarm for a change that takes a moment to reach all', async () => {
    bench.add('a');
    bench.add('b');
    for (let revision = 5; revision < 15; revision += 1) {
      bench.documents.set('a', documentWith({ revision }));
      await bench.pass(2);
      bench.documents.set('b', documentWith({ revision }));
      await bench.pass(2);
    }
    expect(bench.skews).toEqual([]);
  });

  test('go on alone when the board is away, and say so once', async () => {
    const away: Noticeboard = {
      post: () => Promise.reject(new Error('the store does not answer')),
      read: () => Promise.reject(new Error('the store does not answer')),
    };
    const a = bench.add('a', away);
    await bench.pass(10);
    await a.withdraw();
    expect(a.list).toHaveLength(1);
    expect(bench.facts.all).toEqual([
      { kind: 'noticeboard_failed', board: 'replicas', message: 'the store does not answer' },
    ]);
  });

  test.each([
    ['no JSON', '{'],
    ['another name than that it hangs under', '{"replica":"x"}'],
    ['numbers that are none', '{"replica":"evil","revision":"5","generation":1}'],
    ['nothing', ''],
  ])('do not believe a notice that holds %s', async (_name, notice) => {
    const a = bench.add('a');
    await bench.board.post('replicas', 'evil', notice, 60_000);
    await bench.pass(2);
    expect(a.list.map(({ replica }) => replica)).toEqual(['a']);
  });
});
