import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { LOOPBACK_RULES } from '../../src/api/access';
import { loadConfig } from '../../src/config/load';
import type { Observe } from '../../src/kernel/facts';
import { sleep } from '../../src/kernel/clock';
import { ManualClock } from '../../src/kernel/manual-clock';
import { seededRandom } from '../../src/kernel/random';
import { MemoryDuplex } from '../../src/link/memory-duplex';
import { SessionRegistry } from '../../src/link/session-registry';
import { createApplication } from '../../src/main';
import type { Action } from '../../src/protocol/actions';
import { Rollout } from '../../src/rollout/rollout';
import { Lanes } from '../../src/routing/lanes';
import { Fleet, type FleetSettings } from '../../src/simulator/fleet';
import type { SimulatedDevice } from '../../src/simulator/simulated-device';
import type { Command, Receipt } from '../../src/transport/transport';
import { connectInMemory } from '../support/memory-connect';
import { MemoryDevice } from '../support/memory-device';

export interface ChaosStackOptions {
  readonly fleet?: Partial<FleetSettings>;
  /** Settings of the application, as a configuration file has them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly percentage?: number;
  readonly seed?: number;
  readonly observe?: Observe;
}

/** The deadline that the API gives a command which names none. */
const DEADLINE_MS = 5_000;

/** Long enough for handshake, announce and the first reports of a device without chaos. */
const SETTLE_MS = 3_000;

/** The whole application and a fleet on one clock that stands still; their connections exist in memory. */
export class ChaosStack {
  readonly fleet: Fleet;
  private submitted = 0;

  private constructor(
    readonly clock: ManualClock,
    private readonly application: { container: INestApplicationContext; stop(): Promise<void> },
    fleet: FleetSettings,
  ) {
    const connect = connectInMemory((duplex) => this.registry.accept(duplex));
    this.fleet = new Fleet({ clock, connect, settings: fleet });
  }

  /** A calm fleet whose devices all take commands. */
  static async start(options: ChaosStackOptions = {}): Promise<ChaosStack> {
    const { fleet = {}, percentage = 100, seed = 1 } = options;
    const clock = new ManualClock();
    const application = await applicationOn(clock, options);
    const stack = new ChaosStack(clock, application, { size: 1, seed, timing: 'lab', ...fleet });
    const wish = {
      kind: 'set_percentage',
      percentage,
      confirmed: true,
      by: 'test',
      reason: 'chaos',
    } as const;
    if (percentage > 0) await application.container.get(Rollout).apply(wish);
    stack.fleet.start();
    await clock.advanceAsync(SETTLE_MS);
    return stack;
  }

  get registry(): SessionRegistry {
    return this.application.container.get(SessionRegistry);
  }

  /** What the application consists of. */
  get container(): INestApplicationContext {
    return this.application.container;
  }

  /** The first device, or the one with this number. */
  device(index = 0): SimulatedDevice {
    const device = this.fleet.devices[index];
    if (!device) throw new Error(`there is no device ${index}`);
    return device;
  }

  /** A connection that a test speaks on by hand. */
  dialByHand(): MemoryDevice {
    const [deviceEnd, controllerEnd] = MemoryDuplex.pair();
    const device = new MemoryDevice(deviceEnd);
    this.registry.accept(controllerEnd);
    return device;
  }

  /** The receipt comes when the clock has been moved far enough. */
  submit(action: Action, { device = this.device(), deadlineMs = DEADLINE_MS } = {}): Promise<Receipt> {
    const id = `c${++this.submitted}`;
    const node = device.nodes[0]?.node;
    const deadlineAt = this.clock.now() + deadlineMs;
    const command: Command = { id, deviceId: device.id, action, node, deadlineAt };
    return this.application.container.get(Lanes).submit(command);
  }

  /** The receipt of one command, and as much time passed as it took. */
  async command(action: Action, options?: Parameters<ChaosStack['submit']>[1]): Promise<Receipt> {
    return this.untilDone(this.submit(action, options));
  }

  /** Ends when the clock has been moved so far. */
  pause(ms: number): Promise<void> {
    return sleep(this.clock, ms);
  }

  /** Moves the clock until `work` is done. */
  async untilDone<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const finished = work.finally(() => (done = true));
    await this.clock.advanceAsync(0);
    while (!done) await this.clock.advanceAsync(10);
    return finished;
  }

  async stop(): Promise<void> {
    this.fleet.stop();
    await this.clock.advanceAsync(0);
    await this.application.stop();
  }
}

async function applicationOn(clock: ManualClock, { settings = {}, seed = 1, observe }: ChaosStackOptions) {
  const stateDir = await mkdtemp(join(tmpdir(), 'pointsman-chaos-'));
  const defaults = { logLevel: 'silent', stateDir, rollout: { holdback: 0 }, ...settings };
  const { server, container } = await createApplication({
    config: loadConfig({ environment: {}, defaults }),
    accessRules: LOOPBACK_RULES,
    clock,
    random: seededRandom(seed),
    observers: observe ? [observe] : [],
  });
  return {
    container,
    async stop() {
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
