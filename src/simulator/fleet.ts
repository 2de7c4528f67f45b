import type { Clock } from '../kernel/clock';
import { seededRandom } from '../kernel/random';
import type { DeviceId } from '../kernel/device-id';
import { Agenda } from './agenda';
import { Chaos } from './chaos';
import type { ChaosSettings } from './chaos-settings';
import { addTotals, noCommands, type CommandTotals } from './command-record';
import type { Connect, Connector } from './connector';
import { executionFaults, type ExecutionFault } from './execution-faults';
import { identityOf, streamSeed } from './identity';
import { drawFamily, drawNodes, type FamilyMix } from './population';
import { SimulatedDevice } from './simulated-device';
import { TimerGroup } from './timer-group';
import { delaysOf, type TimingName } from './timing';

export interface FleetSettings {
  readonly size: number;
  /** Everything about the devices follows from it: ids, secrets, nodes, families, delays. */
  readonly seed: number;
  readonly timing: TimingName;
  /** All families alike by default, but for the old bulb, which is only in a mix that names it. */
  readonly mix?: FamilyMix;
  /** The devices begin to dial evenly over this time. */
  readonly connectSpreadMs?: number;
  /** A bridge has one to this many mesh nodes, itself included. */
  readonly maxNodes?: number;
  /** Commands that each device keeps one by one; totals are always kept. */
  readonly recordLimit?: number;
  /** By how many of the last mesh sequences a device knows a repeat. */
  readonly repeatMemory?: number;
}

export interface FleetParts {
  readonly clock: Clock;
  readonly connect: Connect;
  readonly settings: FleetSettings;
}

/** How many devices there are, are connected, and take commands. */
export interface FleetStatus {
  readonly size: number;
  readonly connected: number;
  readonly ready: number;
}

const DEFAULTS = {
  mix: { bulb: 1, plug: 1, switch: 1, led_strip: 1 },
  connectSpreadMs: 0,
  maxNodes: 4,
  recordLimit: 64,
  repeatMemory: 64,
} as const;

interface Member {
  readonly device: SimulatedDevice;
  readonly connector: Connector;
}

/** Many simulated devices in one process, on one shared timer; the same seed gives the same devices. */
export class Fleet {
  private readonly settings: Required<FleetSettings>;
  private readonly agenda: Agenda;
  private readonly starts: TimerGroup;
  private readonly members = new Map<DeviceId, Member>();

  constructor(private readonly parts: FleetParts) {
    this.settings = { ...DEFAULTS, ...parts.settings };
    this.agenda = new Agenda(parts.clock);
    this.starts = new TimerGroup(this.agenda);
    for (let index = 0; index < this.settings.size; index += 1) this.add(index);
  }

  /** All devices, in the order in which they dial. */
  get devices(): readonly SimulatedDevice[] {
    return [...this.members.values()].map(({ device }) => device);
  }

  device(id: DeviceId): SimulatedDevice | undefined {
    return this.members.get(id)?.device;
  }

  /** Begins to dial. A fleet starts once. */
  start(): void {
    const { connectSpreadMs, size } = this.settings;
    let index = 0;
    for (const { connector } of this.members.values())
      this.starts.after((connectSpreadMs * index++) / size, () => connector.start());
  }

  /** Closes every connection and leaves no timer behind. */
  stop(): void {
    this.starts.clear();
    for (const { connector, device } of this.members.values()) {
      connector.stop();
      device.dropConnection();
    }
  }

  status(): FleetStatus {
    let connected = 0;
    let ready = 0;
    for (const { device } of this.members.values()) {
      if (device.isConnected) connected += 1;
      if (device.isReady) ready += 1;
    }
    return { size: this.members.size, connected, ready };
  }

  /** What all devices together received. */
  totals(): CommandTotals {
    const sum = noCommands();
    for (const { device } of this.members.values()) addTotals(sum, device.record.totals);
    return sum;
  }

  /** From here on this goes wrong for every device, whatever went wrong for it before. */
  useChaos(settings: ChaosSettings): void {
    for (const { device } of this.members.values()) device.chaos.use(settings);
  }

  /** The commands that were not carried out exactly once; empty is what every user hopes for. */
  executionFaults(): ExecutionFault[] {
    return this.devices.flatMap(({ id, record }) => executionFaults(id, record.commands));
  }

  private add(index: number): void {
    const { agenda: clock } = this;
    const { seed, mix, maxNodes, timing, recordLimit, repeatMemory } = this.settings;
    const identity = identityOf(seed, index);
    const random = seededRandom(streamSeed(identity));
    const family = drawFamily(mix, random);
    const device = new SimulatedDevice({
      clock,
      identity,
      family,
      nodes: drawNodes(family, maxNodes, random),
      drawDelays: delaysOf(timing, random),
      chaos: new Chaos(seededRandom(streamSeed(identity) + 2)),
      recordLimit,
      repeatMemory,
    });
    // Streams of their own: how often a device had to redial must not change how quickly it answers.
    const dialRandom = seededRandom(streamSeed(identity) + 1);
    const connector = this.parts.connect({
      clock,
      random: dialRandom,
      onDuplex: (duplex) => device.attach(duplex),
    });
    this.members.set(device.id, { device, connector });
  }
}
