import type { DeviceId } from '../kernel/device-id';
import type { NodeState } from '../protocol/node-state';
import type { Explanation } from '../routing/router';
import type { KnownDevice } from './directory';
import type { RouteView } from './schemas';

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

export function routeView(deviceId: DeviceId, explanation: Explanation, seen: boolean): RouteView {
  const { transport, reason, buckets, routed } = explanation;
  const { percentage, holdback, salt, revision, generation } = routed.plan;
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
    seen,
  };
}
