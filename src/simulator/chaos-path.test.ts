import { ManualClock } from '../kernel/manual-clock';
import { seededRandom } from '../kernel/random';
import { Chaos } from './chaos';
import { ChaosPath } from './chaos-path';
import { CALM, CLEAR_PATH, type PathFaults } from './chaos-settings';
import { TimerGroup } from './timer-group';

/** One direction on a clock that stands still. Packets are single bytes behind a header of five. */
class PathBench {
  readonly clock = new ManualClock();
  readonly arrived: string[] = [];
  cuts = 0;
  readonly chaos = new Chaos(seededRandom(1));
  readonly timers = new TimerGroup(this.clock);
  private readonly path = new ChaosPath({
    direction: 'to_device',
    chaos: this.chaos,
    clock: this.clock,
    timers: this.timers,
    deliver: (bytes) => this.arrived.push(`${bytes[5]} at ${this.clock.now()}`),
    cut: () => (this.cuts += 1),
  });

  use(faults: Partial<PathFaults>): void {
    this.chaos.use({ ...CALM, toDevice: { ...CLEAR_PATH, ...faults } });
  }

  send(...packets: readonly number[]): void {
    for (const packet of packets)
      this.path.pass(Uint8Array.of(0x73, 0, 0, 0, 1, packet), () => ({
        name: 'data',
        concerns: 'new',
        answers: undefined,
      }));
  }
}

describe('a path', () => {
  it('delivers at once while nothing goes wrong', () => {
    const bench = new PathBench();
    bench.send(1, 2);
    expect(bench.arrived).toEqual(['1 at 0', '2 at 0']);
  });

  it('keeps the order of packets that take different times', () => {
    const bench = new PathBench();
    bench.use({ latency: { ms: 100, jitterMs: 90 } });
    bench.send(1, 2, 3, 4, 5, 6, 7, 8);
    bench.clock.advance(200);
    expect(bench.arrived.map((text) => text[0])).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('keeps the order also when the latency ends while packets are under way', () => {
    const bench = new PathBench();
    bench.use({ latency: { ms: 100, jitterMs: 0 } });
    bench.send(1);
    bench.chaos.use(CALM);
    bench.clock.advance(50);
    bench.send(2);
    expect(bench.arrived).toEqual([]);
    bench.clock.advance(50);
    bench.send(3);
    expect(bench.arrived).toEqual(['1 at 100', '2 at 100', '3 at 100']);
  });

  it('lets others overtake a packet that is held', () => {
    const bench = new PathBench();
    bench.use({ reordering: { rate: 1, delayMs: 30 } });
    bench.send(1);
    bench.chaos.use(CALM);
    bench.send(2);
    bench.clock.advance(30);
    expect(bench.arrived).toEqual(['2 at 0', '1 at 30']);
    expect(bench.chaos.tally).toMatchObject({ held: 1, dropped: 0 });
  });

  it('delivers a duplicate right behind its original', () => {
    const bench = new PathBench();
    bench.use({ duplicates: { rate: 1 } });
    bench.send(1, 2);
    expect(bench.arrived).toEqual(['1 at 0', '1 at 0', '2 at 0', '2 at 0']);
  });

  it('loses by pattern and counts anew with new settings', () => {
    const bench = new PathBench();
    bench.use({ loss: { rate: 0, pattern: [2] } });
    bench.send(1, 2, 3);
    bench.use({ loss: { rate: 0, pattern: [1] } });
    bench.send(4, 5);
    expect(bench.arrived).toEqual(['1 at 0', '3 at 0', '5 at 0']);
    expect(bench.chaos.tally.dropped).toBe(2);
  });

  it('changes bytes of a copy, behind the header', () => {
    const { chaos } = new PathBench();
    const packet = Uint8Array.of(0x73, 0, 0, 0, 2, 7, 8);
    const seen = new Set<number>();
    for (let turn = 0; turn < 100; turn += 1) {
      const changed = chaos.corrupted(packet, 1);
      const differing = [...changed.keys()].filter((at) => changed[at] !== packet[at]);
      expect(differing).toHaveLength(1);
      seen.add(differing[0] ?? -1);
    }
    expect([...seen].sort()).toEqual([5, 6]);
    expect([...packet]).toEqual([0x73, 0, 0, 0, 2, 7, 8]);
    expect([...chaos.corrupted(Uint8Array.of(0xd3, 0, 0, 0, 0), 9)]).toEqual([0xd3, 0, 0, 0, 0]);
  });

  it('cuts in the place of the packet', () => {
    const bench = new PathBench();
    bench.use({ cuts: { rate: 1 } });
    bench.send(1);
    expect(bench.arrived).toEqual([]);
    expect(bench.cuts).toBe(1);
  });

  it('forgets what is under way when the connection ends, and bounds it before', () => {
    const bench = new PathBench();
    bench.use({ latency: { ms: 100, jitterMs: 0 } });
    for (let packet = 0; packet < 10_005; packet += 1) bench.send(1);
    expect(bench.clock.pendingTimers).toBe(10_000);
    bench.timers.clear();
    bench.clock.advance(1_000);
    expect(bench.arrived).toEqual([]);
  });
});
