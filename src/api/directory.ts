import type { DeviceId } from '../kernel/device-id';
import type { NodeState } from '../protocol/node-state';

/** What the API shows of a device. */
export interface KnownDevice {
  readonly deviceId: DeviceId;
  readonly ownNode: number | undefined;
  readonly nodes: ReadonlyMap<number, NodeState>;
  readonly firmware: { readonly network?: string; readonly device?: string };
  readonly telemetry: string | undefined;
  /** Wall-clock milliseconds. */
  readonly lastHeardAt: number;
  readonly connections: number;
}

/** All that the API knows of connections. */
export interface Directory {
  record(deviceId: DeviceId): KnownDevice | undefined;
  isConnected(deviceId: DeviceId): boolean;
  /** Connected devices with ids above `after`, in order, at most `limit`. */
  connectedIds(after: DeviceId, limit: number): DeviceId[];
  /** False when no credential was remembered. */
  forgetCredential(deviceId: DeviceId, who: { readonly by: string; readonly reason: string }): boolean;
}

/** Under this token the directory is provided. */
export const DIRECTORY = Symbol('directory');
