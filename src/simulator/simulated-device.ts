import type { Clock } from '../kernel/clock';
import type { Duplex } from '../link/duplex';
import { formatDeviceId, type DeviceId } from '../kernel/device-id';
import type { Chaos } from './chaos';
import { CommandDesk } from './command-desk';
import { CommandRecord } from './command-record';
import { DeviceConnection } from './device-connection';
import { freshMemory, type DeviceMemory } from './device-memory';
import type { FirmwareFamily } from './families';
import type { DeviceIdentity } from './identity';
import { Mesh, type SimulatedNode } from './mesh';
import { RecentSequences } from './recent-sequences';
import { Reports } from './reports';
import type { DrawDelays } from './timing';

/** Everything a simulated device needs of the outside. */
export interface SimulatedDeviceParts {
  readonly clock: Clock;
  readonly identity: DeviceIdentity;
  readonly family: FirmwareFamily;
  /** The nodes behind the bridge; the first is the bridge itself. */
  readonly nodes: readonly [SimulatedNode, ...SimulatedNode[]];
  readonly drawDelays: DrawDelays;
  readonly chaos: Chaos;
  /** How many commands are kept one by one. */
  readonly recordLimit: number;
  /** By how many of the last mesh sequences a repeat is known. */
  readonly repeatMemory: number;
}

/**
 * A device as captured: a bridge with its mesh nodes, which keeps its state, its counters and its record of commands
 * over connections. It does not dial by itself; each connection made for it is given to `attach`.
 */
export class SimulatedDevice {
  readonly id: DeviceId;
  readonly family: FirmwareFamily;
  readonly record: CommandRecord;
  /** What goes wrong on its connections, and may be changed. */
  readonly chaos: Chaos;
  private readonly mesh: Mesh;
  private readonly reports: Reports;
  private readonly recent: RecentSequences;
  private readonly desk: CommandDesk;
  private memory: DeviceMemory = freshMemory();
  private connection: DeviceConnection | undefined;

  constructor(private readonly parts: SimulatedDeviceParts) {
    const { clock, identity, family, chaos } = parts;
    this.id = formatDeviceId(identity.deviceId);
    this.family = family;
    this.chaos = chaos;
    this.record = new CommandRecord(parts.recordLimit);
    this.mesh = new Mesh(parts.nodes);
    this.reports = new Reports(identity.deviceId, family, this.mesh);
    this.recent = new RecentSequences(parts.repeatMemory);
    const { mesh, recent, record, reports } = this;
    const refusal = (messageId: number): number | undefined => chaos.refusal(messageId);
    this.desk = new CommandDesk({ clock, family, mesh, recent, record, reports, refusal });
  }

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  /** Whether it takes commands: the controller has announced itself. */
  get isReady(): boolean {
    return this.connection?.isReady ?? false;
  }

  /** The state of its nodes, the bridge first. */
  get nodes(): readonly SimulatedNode[] {
    return this.mesh.all();
  }

  /** How many of its reports were answered since power-up. */
  get acknowledged(): Readonly<DeviceMemory['acknowledged']> {
    return this.memory.acknowledged;
  }

  /** Its own local time as it believes it to be, in milliseconds as if it were UTC; undefined before a 0xC8. */
  get localTimeMs(): number | undefined {
    const { clock } = this.memory;
    return clock && clock.localMs + this.parts.clock.now() - clock.atMs;
  }

  /** Uses a new connection, in place of the one it had. */
  attach(duplex: Duplex): void {
    this.dropConnection();
    const { clock, identity, drawDelays } = this.parts;
    const { mesh, reports, desk, memory, chaos } = this;
    const onEnded = (ended: DeviceConnection): void => {
      if (this.connection === ended) this.connection = undefined;
    };
    this.connection = new DeviceConnection({
      duplex,
      clock,
      identity,
      mesh,
      reports,
      desk,
      memory,
      drawDelays,
      chaos,
      escapesFrames: this.family.escapesFrames,
      onEnded,
    });
    this.connection.start();
  }

  /** Closes the connection; whoever dials for the device will dial again. */
  dropConnection(): void {
    this.connection?.end('shutdown');
  }

  /**
   * Power off and on: the connection is lost, counters begin again, and the clock and the repeats are forgotten. The
   * nodes keep their state.
   */
  powerCycle(): void {
    this.dropConnection();
    this.memory = freshMemory();
    this.reports.powerUp();
    this.recent.clear();
  }
}
