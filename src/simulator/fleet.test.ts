import { ControllerEnd } from '../../test/support/controller-end';
import { connectInMemory } from '../../test/support/memory-connect';
import { ManualClock } from '../kernel/manual-clock';
import type { Duplex } from '../link/duplex';
import { actionFrame } from '../protocol/actions';
import { Fleet, type FleetSettings } from './fleet';

const SETTLE_MS = 1000;

/** A fleet over pipes in memory, and a controller that answers every handshake and announces itself. */
class FleetBench {
  readonly clock = new ManualClock();
  readonly controllers: ControllerEnd[] = [];
  readonly fleet: Fleet;

  constructor(settings: Partial<FleetSettings> = {}) {
    this.fleet = new Fleet({
      clock: this.clock,
      connect: connectInMemory((duplex) => this.accept(duplex)),
      settings: { size: 20, seed: 1, timing: 'lab', ...settings },
    });
  }

  private accept(duplex: Duplex): void {
    const controller = new ControllerEnd(duplex);
    this.controllers.push(controller);
    controller.send(
      { kind: 'handshake_answer', result: 0 },
      { kind: 'announce', deviceId: 0, messageId: 1, flag: 0 },
    );
  }

  /** Sends "power on" to every node of every device, once. */
  commandAll(sequence: number): void {
    const inner = actionFrame({ command: 'power', on: true }, 0xffff, sequence);
    for (const controller of this.controllers)
      controller.send({ kind: 'data', deviceId: 0, messageId: sequence, flag: 0, inner });
  }
}

describe('Fleet', () => {
  test('dials in evenly over the spread and becomes ready', async () => {
    const { fleet, clock } = new FleetBench({ connectSpreadMs: 2000 });
    expect(fleet.status()).toEqual({ size: 20, connected: 0, ready: 0 });
    fleet.start();
    await clock.advanceAsync(950);
    expect(fleet.status()).toEqual({ size: 20, connected: 10, ready: 10 });
    await clock.advanceAsync(1050);
    expect(fleet.status()).toEqual({ size: 20, connected: 20, ready: 20 });
  });

  test('has the same devices for the same seed, and others for another', () => {
    const describeFleet = (seed: number) =>
      new FleetBench({ seed }).fleet.devices.map(({ id, family, nodes }) => [id, family.name, nodes]);
    expect(describeFleet(1)).toEqual(describeFleet(1));
    expect(describeFleet(1)).not.toEqual(describeFleet(2));
  });

  test('finds a device by its id', () => {
    const { fleet } = new FleetBench();
    const [first] = fleet.devices;
    expect(fleet.device(first?.id ?? '')).toBe(first);
    expect(fleet.device('nobody')).toBeUndefined();
  });

  test('mixes families by weight, and gives bridges different numbers of different nodes', () => {
    const { fleet } = new FleetBench({ size: 400, mix: { bulb: 3, led_strip: 1 }, maxNodes: 6 });
    const names = fleet.devices.map(({ family }) => family.name);
    const bulbs = names.filter((name) => name === 'bulb').length;
    expect(new Set(names)).toEqual(new Set(['bulb', 'led_strip']));
    expect(bulbs).toBeGreaterThan(260);
    expect(bulbs).toBeLessThan(340);
    const counts = new Set(fleet.devices.map(({ nodes }) => nodes.length));
    expect([...counts].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { nodes } of fleet.devices)
      expect(new Set(nodes.map(({ node }) => node)).size).toBe(nodes.length);
  });

  test('adds up what its devices received', async () => {
    const bench = new FleetBench();
    bench.fleet.start();
    await bench.clock.advanceAsync(SETTLE_MS);
    bench.commandAll(1);
    bench.commandAll(2);
    await bench.clock.advanceAsync(SETTLE_MS);
    expect(bench.fleet.totals()).toMatchObject({
      received: 40,
      executed: 40,
      repeats: 0,
      writtenBy: { new: 40, legacy: 0 },
    });
    expect(bench.fleet.devices.flatMap(({ nodes }) => nodes).every(({ on }) => on)).toBe(true);
  });

  test('redials for a device that was dropped or lost power', async () => {
    const { fleet, clock, controllers } = new FleetBench();
    fleet.start();
    await clock.advanceAsync(SETTLE_MS);
    fleet.devices[0]?.dropConnection();
    fleet.devices[1]?.powerCycle();
    expect(fleet.status()).toEqual({ size: 20, connected: 18, ready: 18 });
    await clock.advanceAsync(SETTLE_MS);
    expect(fleet.status()).toEqual({ size: 20, connected: 20, ready: 20 });
    expect(controllers).toHaveLength(22);
  });

  test('shares one timer among all devices, and leaves none and no connection when stopped', async () => {
    const bench = new FleetBench({ connectSpreadMs: 2000 });
    const { fleet, clock, controllers } = bench;
    fleet.start();
    await clock.advanceAsync(SETTLE_MS);
    bench.commandAll(1);
    await clock.advanceAsync(1);
    expect(clock.pendingTimers).toBe(1);
    fleet.stop();
    await clock.advanceAsync(0);
    expect(clock.pendingTimers).toBe(0);
    expect(fleet.status()).toEqual({ size: 20, connected: 0, ready: 0 });
    expect(controllers.every(({ closed }) => closed)).toBe(true);
    await clock.advanceAsync(60_000);
    expect(controllers).toHaveLength(11);
  });

  test('holds 10,000 devices', async () => {
    const { fleet, clock } = new FleetBench({ size: 10_000, connectSpreadMs: 0 });
    fleet.start();
    await clock.advanceAsync(50);
    expect(fleet.status()).toEqual({ size: 10_000, connected: 10_000, ready: 10_000 });
    expect(new Set(fleet.devices.map(({ id }) => id)).size).toBe(10_000);
  });
});
