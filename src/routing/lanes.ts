import { AppError } from '../kernel/errors';
import type { DeviceId } from '../kernel/device-id';
import type { Command, Receipt } from '../transport/transport';
import { Lane, type LaneParts } from './lane';

/** The lanes of all devices that have something to do; an idle lane is kept only while its past matters. */
export class Lanes {
  private readonly lanes = new Map<DeviceId, Lane>();
  /** Idle lanes with a past, the longest idle first. */
  private readonly idle = new Map<DeviceId, Lane>();
  private drained: Promise<void> | undefined;
  private onEmpty: () => void = () => {};

  constructor(private readonly parts: Omit<LaneParts, 'onIdle'>) {}

  /** Resolves exactly once, with how the command ended; refused only while the process drains. */
  submit(command: Command): Promise<Receipt> {
    if (this.drained)
      return Promise.reject(
        new AppError('draining', 'this process is shutting down and takes no more commands'),
      );
    return this.laneOf(command.deviceId).submit(command);
  }

  /** What a device's lane holds now. */
  depthOf(deviceId: DeviceId): { readonly waiting: number; readonly inFlight: number } {
    const lane = this.lanes.get(deviceId);
    return { waiting: lane?.waiting ?? 0, inFlight: lane?.inFlight ?? 0 };
  }

  /** Commands that wait, over all devices. */
  get waiting(): number {
    let total = 0;
    for (const lane of this.lanes.values()) total += lane.waiting;
    return total;
  }

  /** Commands on the wire, over all devices. */
  get inFlight(): number {
    let total = 0;
    for (const lane of this.lanes.values()) total += lane.inFlight;
    return total;
  }

  /** Idle lanes that are kept for their past. */
  get resting(): number {
    return this.idle.size;
  }

  /** Call right after a rollback took effect. */
  handOver(): void {
    for (const lane of this.lanes.values()) lane.handOver();
  }

  /** Takes no more commands, and resolves when those accepted have ended; each ends by its own deadline. */
  drain(): Promise<void> {
    this.drained ??= new Promise((resolve) => {
      this.onEmpty = resolve;
      if (this.lanes.size === 0) resolve();
    });
    return this.drained;
  }

  /** Ends as `cancelled` what has not been transmitted. */
  cancelWaiting(): void {
    for (const lane of this.lanes.values()) lane.cancelWaiting();
  }

  private laneOf(deviceId: DeviceId): Lane {
    const known = this.lanes.get(deviceId);
    if (known) return known;
    const lane =
      this.idle.get(deviceId) ??
      new Lane(deviceId, { ...this.parts, onIdle: (idle) => this.retire(deviceId, idle) });
    this.idle.delete(deviceId);
    this.lanes.set(deviceId, lane);
    return lane;
  }

  private retire(deviceId: DeviceId, lane: Lane): void {
    this.lanes.delete(deviceId);
    this.forgetThePast();
    if (!lane.mayBeForgotten()) this.idle.set(deviceId, lane);
    if (this.lanes.size === 0) this.onEmpty();
  }

  /** At work alone, so that no timer is needed for devices that nobody asks anything of. */
  private forgetThePast(): void {
    for (const [deviceId, lane] of this.idle) {
      if (!lane.mayBeForgotten()) return;
      this.idle.delete(deviceId);
    }
  }
}
