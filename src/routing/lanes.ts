import { AppError } from '../kernel/errors';
import type { DeviceId } from '../kernel/device-id';
import type { Command, Receipt } from '../transport/transport';
import { Lane, type LaneParts } from './lane';

/** The lanes of all devices that have something to do; an idle lane is not kept. */
export class Lanes {
  private readonly lanes = new Map<DeviceId, Lane>();
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
    const lane = new Lane(deviceId, { ...this.parts, onIdle: (id) => this.retire(id) });
    this.lanes.set(deviceId, lane);
    return lane;
  }

  private retire(deviceId: DeviceId): void {
    this.lanes.delete(deviceId);
    if (this.lanes.size === 0) this.onEmpty();
  }
}
