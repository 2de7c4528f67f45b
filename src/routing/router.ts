import { LRUCache } from 'lru-cache';
import type { DeviceId } from '../kernel/device-id';
import type { TransportName } from '../kernel/words';
import { assign, holdbackSalt, type Buckets, type Decision } from './assign';
import { Bucketer } from './bucket';
import type { Plan } from './plan';

/** What is routed by: the plan, and whether a rollback's latch suspends the pins to new. */
export interface Routed {
  readonly plan: Plan;
  readonly latched: boolean;
}

export interface Explanation extends Decision {
  readonly buckets: Buckets;
  readonly routed: Routed;
}

/**
 * Decides by the last plan it was given, from memory alone: no store, no network, no await stands between a command
 * and its decision (design promise 1).
 */
export class Router {
  private cohort: Bucketer;
  private holdback: Bucketer;
  /** The plan's pins as a map: looking an id up in the record costs four times all the rest of a decision. */
  private pins: ReadonlyMap<DeviceId, TransportName>;
  private readonly known: LRUCache<DeviceId, Buckets>;

  /** `rememberedDevices` bounds the buckets kept ready; a device beyond it is hashed again. */
  constructor(
    private routed: Routed,
    rememberedDevices: number,
  ) {
    this.known = new LRUCache({ max: rememberedDevices });
    this.pins = new Map(Object.entries(routed.plan.pins));
    this.cohort = new Bucketer(routed.plan.salt);
    this.holdback = new Bucketer(holdbackSalt(routed.plan));
  }

  get current(): Routed {
    return this.routed;
  }

  /** From here on every decision follows `routed`. */
  use(routed: Routed): void {
    const reshuffled = routed.plan.salt !== this.routed.plan.salt;
    this.routed = routed;
    this.pins = new Map(Object.entries(routed.plan.pins));
    if (!reshuffled) return;
    this.known.clear();
    this.cohort = new Bucketer(routed.plan.salt);
    this.holdback = new Bucketer(holdbackSalt(routed.plan));
  }

  decide(deviceId: DeviceId): Decision {
    return assign(this.pins.get(deviceId), this.bucketsOf(deviceId), this.routed);
  }

  explain(deviceId: DeviceId): Explanation {
    return { ...this.decide(deviceId), buckets: this.bucketsOf(deviceId), routed: this.routed };
  }

  private bucketsOf(deviceId: DeviceId): Buckets {
    const known = this.known.get(deviceId);
    if (known) return known;
    const buckets = { cohort: this.cohort.bucketOf(deviceId), holdback: this.holdback.bucketOf(deviceId) };
    this.known.set(deviceId, buckets);
    return buckets;
  }
}
