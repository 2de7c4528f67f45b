import type { DeviceId } from '../kernel/device-id';
import type { NodeState } from '../protocol/node-state';
import type { Explanation } from '../routing/router';
import type { KnownDevice } from './directory';
import type { MoveView, RouteView } from './schemas/devices';

/** What `GET /v1/devices/{id}` shows. */
export interface DeviceView {
  readonly deviceId: DeviceId;
  readonly connected: boolean;
  readonly connections: number;
  readonly lastHeardAt: string;
  readonly ownNode: number | null;
  readonly firmware: KnownDevice['firmware'];
  readonly nodes: readonly NodeState[];
  readonly lane: { readonly waiting: number; readonly inFlight: number };
}

export function deviceView(device: KnownDevice, now: Pick<DeviceView, 'connected' | 'lane'>): DeviceView {
  return {
    deviceId: device.deviceId,
    connections: device.connections,
    lastHeardAt: new Date(device.lastHeardAt).toISOString(),
    ownNode: device.ownNode ?? null,
    firmware: device.firmware,
    nodes: [...device.nodes.values()].sort((one, other) => one.node - other.node),
    ...now,
  };
}

/** What `GET /v1/devices/{id}/info` shows. */
export interface DeviceInfo {
  readonly deviceId: DeviceId;
  readonly ownNode: number | null;
  readonly nodes: number;
  readonly firmware: KnownDevice['firmware'];
  /** As the device writes it: `YYYYMMDD:HHMM:-RSSI,…`. */
  readonly telemetry: string | null;
}

export function infoView({ deviceId, ownNode, nodes, firmware, telemetry }: KnownDevice): DeviceInfo {
  return { deviceId, ownNode: ownNode ?? null, nodes: nodes.size, firmware, telemetry: telemetry ?? null };
}

export function routeView(
  deviceId: DeviceId,
  { transport, reason, buckets, routed }: Explanation,
  about: { readonly seen: boolean; readonly movesAt: MoveView | null },
): RouteView {
  const { percentage, holdback, salt, revision, generation, pins } = routed.plan;
  return {
    deviceId,
    transport,
    reason,
    bucket: buckets.cohort,
    holdbackBucket: buckets.holdback,
    percentage,
    holdback,
    salt,
    revision,
    generation,
    pin: pins[deviceId] ?? null,
    latched: routed.latched,
    ...about,
  };
}
