import type { TransportName } from '../kernel/words';
import type { DeviceId } from '../kernel/device-id';

/** Dark launch: a sample of legacy's commands is shadowed by the new transport. */
export interface MirrorPlan {
  readonly on: boolean;
  /** Share of devices that are shadowed, 0…100. */
  readonly percentage: number;
}

/** Where traffic goes. Immutable: a change makes the next revision. */
export interface Plan {
  /** Share of devices on the new transport, 0…100 in steps of 0.001. */
  readonly percentage: number;
  /** Share of devices that stay on legacy to the end, so that there is something to compare with. */
  readonly holdback: number;
  /** Devices whose transport is fixed by name. */
  readonly pins: Readonly<Record<DeviceId, TransportName>>;
  readonly mirror: MirrorPlan;
  /** Shuffles the fleet. Changes only with the generation of a restarted ramp, by explicit wish. */
  readonly salt: string;
  /** Grows with every change. */
  readonly revision: number;
  /** Grows with every rollback and every restart of a ramp. */
  readonly generation: number;
  readonly setBy: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly setAt: string;
}

export const DEFAULT_HOLDBACK = 5;

/** The plan of a process that knows nothing: everything on legacy. */
export function safePlan(about: {
  salt: string;
  holdback: number;
  setBy: string;
  reason: string;
  setAt: string;
}): Plan {
  return {
    ...about,
    percentage: 0,
    pins: {},
    mirror: { on: false, percentage: 0 },
    revision: 0,
    generation: 1,
  };
}
