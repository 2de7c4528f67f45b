import type { TransportName } from '../../src/kernel/words';
import type { ReliableSettings } from '../../src/transport/delivery/settings';
import { LinkDeliverer } from '../../src/transport/link-deliverer';
import { LegacyTransport } from '../../src/transport/legacy/legacy-transport';
import { ReliableTransport } from '../../src/transport/reliable/reliable-transport';
import type { Command, Ending, InFlight } from '../../src/transport/transport';
import { LinkBench, type LinkBenchOptions } from './link-bench';
import { DEVICE_ID, type MemoryDevice } from './memory-device';

export const RELIABLE_SETTINGS: ReliableSettings = {
  retry: { retries: 3, baseMs: 250, capMs: 5_000, jitterMs: 0 },
  receiptTimer: { floorMs: 250, firstMs: 1_000, capMs: 5_000 },
  replyTimer: { floorMs: 1_000, firstMs: 2_500, capMs: 10_000 },
  budget: { capacity: 100, perTransmission: 0.1 },
};
export const DEADLINE_MS = 5_000;
export const DRAIN_MS = 2_000;
/** The registry's sweep is the only timer of a bench on which nothing is under way. */
export const IDLE_TIMERS = 1;

/** Both transports over a real link to a device in memory. */
export class TransportBench extends LinkBench {
  readonly endings: Ending[] = [];
  readonly deliverer: LinkDeliverer;

  constructor({
    reliable = RELIABLE_SETTINGS,
    ...options
  }: LinkBenchOptions & { reliable?: ReliableSettings } = {}) {
    super(options);
    const { clock, observe } = this;
    this.deliverer = new LinkDeliverer({
      clock,
      observe,
      transports: [
        new ReliableTransport({ clock, observe, random: { next: () => 0 }, settings: reliable }),
        new LegacyTransport({ clock, observe, drainTimeoutMs: DRAIN_MS }),
      ],
      linkOf: (deviceId) => this.registry.link(deviceId),
    });
  }

  /** A bench with one device that takes commands. */
  static async withDevice(
    options?: ConstructorParameters<typeof TransportBench>[0],
    highWaterBytes = 16_384,
  ): Promise<{ bench: TransportBench; device: MemoryDevice }> {
    const bench = new TransportBench(options);
    return { bench, device: await bench.readyOver(highWaterBytes) };
  }

  command(change: Partial<Command> = {}): Command {
    const id = '01890000-0000-7000-8000-000000000000';
    const deadlineAt = this.clock.now() + DEADLINE_MS;
    return {
      id,
      deviceId: DEVICE_ID,
      action: { command: 'power', on: true },
      node: undefined,
      deadlineAt,
      ...change,
    };
  }

  deliver(transport: TransportName, change?: Partial<Command>): InFlight | undefined {
    return this.deliverer.deliver(this.command(change), transport, (ending) => this.endings.push(ending));
  }

  outcomes(): string[] {
    return this.endings.map(({ outcome, attempts, latencyMs }) => `${outcome} ${attempts} ${latencyMs}`);
  }
}
