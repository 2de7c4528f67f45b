import { FactTaps } from '../../src/kernel/fact-taps';
import type { Observe } from '../../src/kernel/facts';
import { ManualClock } from '../../src/kernel/manual-clock';
import { seededRandom } from '../../src/kernel/random';
import type { TransportName } from '../../src/kernel/words';
import { Credentials } from '../../src/link/credentials';
import type { Link } from '../../src/link/link';
import { MemoryDuplex } from '../../src/link/memory-duplex';
import { SessionRegistry, type RegistrySettings } from '../../src/link/session-registry';
import { DEVICE, DEVICE_ID, handshakeOf, MemoryDevice, ownNodeReport } from './memory-device';
import { RecordedFacts } from './recorded-facts';

const LINK_SETTINGS: RegistrySettings = {
  handshakeTimeoutMs: 10_000,
  silenceMs: 63_000,
  announceTimeoutMs: 2_000,
  announceAttempts: 3,
  partialPacketMs: 10_000,
  sendBufferLimitBytes: 262_144,
  bodyLimitBytes: 4096,
  duplicateLimit: 1000,
  duplicateTtlMs: 300_000,
  timeZone: 'UTC',
  maxConnections: 100,
  maxUnidentified: 50,
  maxDevices: 100,
  maxConnectsPerMinute: 1000,
  maxPacketsPerSecond: 1000,
  sweepMs: 1_000,
};

export interface LinkBenchOptions {
  readonly settings?: Partial<RegistrySettings>;
  readonly credentialLimit?: number;
  readonly startWallMs?: number;
  readonly seed?: number;
}

/** A registry of sessions on a clock that stands still, and devices that dial it over memory. */
export class LinkBench {
  readonly clock: ManualClock;
  readonly facts = new RecordedFacts();
  /** Who else is told of every fact. */
  readonly taps = new FactTaps();
  readonly observe: Observe = (fact) => {
    this.facts.observe(fact);
    this.taps.see(fact);
  };
  readonly credentials: Credentials;
  readonly registry: SessionRegistry;
  /** What the router would say of every device. */
  route: TransportName = 'new';

  constructor({ settings = {}, credentialLimit = 100, startWallMs, seed = 1 }: LinkBenchOptions = {}) {
    this.clock = new ManualClock(startWallMs);
    this.credentials = new Credentials(new Uint8Array(32), credentialLimit);
    this.registry = new SessionRegistry({
      clock: this.clock,
      random: seededRandom(seed),
      observe: this.observe,
      settings: { ...LINK_SETTINGS, ...settings },
      credentials: this.credentials,
      routeOf: () => this.route,
    });
  }

  /** A connection on which nothing was said yet. */
  dial(highWaterBytes?: number): MemoryDevice {
    const [deviceEnd, controllerEnd] = MemoryDuplex.pair(highWaterBytes);
    const device = new MemoryDevice(deviceEnd);
    this.registry.accept(controllerEnd);
    return device;
  }

  /** A connection that has said who it is. */
  async identified(deviceId = DEVICE, auth?: string): Promise<MemoryDevice> {
    const device = this.dial();
    device.send(handshakeOf(deviceId, auth));
    await this.settle();
    return device;
  }

  /** A connection that takes commands for its own node 5, and what was said on the way forgotten. */
  async ready(deviceId = DEVICE, auth?: string): Promise<MemoryDevice> {
    const device = await this.identified(deviceId, auth);
    await this.answerAnnounce(device, deviceId);
    return device;
  }

  /** The same over a pipe that blocks when `highWaterBytes` wait in it. */
  async readyOver(highWaterBytes: number): Promise<MemoryDevice> {
    const device = this.dial(highWaterBytes);
    device.send(handshakeOf());
    await this.settle();
    await this.answerAnnounce(device, DEVICE);
    return device;
  }

  link(deviceId = DEVICE_ID): Link {
    const link = this.registry.link(deviceId);
    if (!link) throw new Error(`${deviceId} has no link`);
    return link;
  }

  /** Lets what was written arrive, and what answers it too. */
  settle(): Promise<void> {
    return this.clock.advanceAsync(0);
  }

  private async answerAnnounce(device: MemoryDevice, deviceId: number): Promise<void> {
    const messageId = device.all('announce')[0]?.messageId ?? 0;
    const tail = { flag: 0, tag: 7, software: 'xlink_dev', fill: new Uint8Array(4) };
    device.send({ kind: 'announce_answer', deviceId, messageId, ...tail }, ownNodeReport(5, deviceId));
    await this.settle();
    device.clear();
    this.facts.clear();
  }
}
