import { LRUCache } from 'lru-cache';
import type { Clock } from '../kernel/clock';
import type { DeviceId } from '../kernel/device-id';
import type { CommandSettledFact, Fact } from '../kernel/facts';
import { TRANSMITTED_OUTCOMES, type Outcome } from '../kernel/words';
import { assign, type Buckets } from './assign';
import type { Plan } from './plan';
import type { Routed, Router } from './router';

export interface KnownDevice {
  readonly deviceId: DeviceId;
  /** Wall-clock milliseconds of the last packet. */
  readonly lastHeardAt: number;
}

export interface CohortCoverageParts {
  readonly clock: Clock;
  readonly router: Router;
  /** Devices that this process has heard of, connected or not. */
  readonly devices: () => Iterable<KnownDevice>;
  /** Devices whose last decided command is remembered. */
  readonly rememberedDevices: number;
}

export interface CoverageReport {
  readonly known: number;
  /** Known devices that the plan gives to the new transport. */
  readonly devices: number;
  /** Of those, devices of which any packet came since they moved. */
  readonly spoken: number;
  /** Of those, devices for which a command over the new transport was decided since they moved. */
  readonly decided: number;
  /** Share of the known devices, in percent; undefined when none is known. */
  readonly percentage: number | undefined;
}

/** A known device, and what was heard of it since it moved; `moved` is undefined while it is with legacy. */
export interface CohortMember {
  readonly deviceId: DeviceId;
  readonly moved: { readonly spoken: boolean; readonly decided: boolean } | undefined;
}

/** From when on a plan was routed by. Wall-clock milliseconds. */
interface Era {
  readonly at: number;
  readonly routed: Routed;
}

/** Before the oldest that is kept nothing is known: then a device counts as moved when that one began. */
const MAX_ERAS = 32;
/** The answer costs a look at every device, and is asked for by every scrape, tick and page. */
const FRESH_MS = 1_000;

const DECIDED: ReadonlySet<Outcome> = new Set(TRANSMITTED_OUTCOMES);

/** How much of what the plan gives to the new transport has been heard of since. */
export class CohortCoverage {
  private readonly eras: Era[] = [];
  private readonly decidedAt: LRUCache<DeviceId, number>;
  private latest:
    { readonly report: CoverageReport; readonly at: number; readonly routed: Routed } | undefined;

  constructor(private readonly parts: CohortCoverageParts) {
    this.decidedAt = new LRUCache({ max: parts.rememberedDevices });
  }

  /** Must be told every fact. */
  see(fact: Fact): void {
    if (fact.kind === 'command_settled') this.settled(fact);
    else if (fact.kind === 'plan_changed') this.follow();
  }

  report(): CoverageReport {
    this.follow();
    const { latest, parts } = this;
    const now = parts.clock.now();
    const routed = parts.router.current;
    if (latest?.routed === routed && now - latest.at < FRESH_MS) return latest.report;
    const report = this.count();
    this.latest = { report, at: now, routed };
    return report;
  }

  /** Every known device, one after the other. */
  *members(): Generator<CohortMember> {
    this.follow();
    for (const { deviceId, lastHeardAt } of this.parts.devices()) {
      const movedAt = this.movedAt(deviceId);
      const moved =
        movedAt === undefined
          ? undefined
          : {
              spoken: lastHeardAt >= movedAt,
              decided: (this.decidedAt.peek(deviceId) ?? -Infinity) >= movedAt,
            };
      yield { deviceId, moved };
    }
  }

  private settled({ transport, purpose, outcome, deviceId }: CommandSettledFact): void {
    if (transport !== 'new' || purpose !== 'command' || !DECIDED.has(outcome)) return;
    this.decidedAt.set(deviceId, this.parts.clock.wallNow());
  }

  /** Notes since when the present plan is routed by. A change that moves nobody begins nothing. */
  private follow(): void {
    const { current: routed } = this.parts.router;
    const last = this.eras.at(-1);
    if (last?.routed === routed) return;
    if (last && routesAlike(last.routed, routed)) this.eras[this.eras.length - 1] = { at: last.at, routed };
    else this.eras.push({ at: last ? this.parts.clock.wallNow() : this.since(routed.plan), routed });
    if (this.eras.length > MAX_ERAS) this.eras.shift();
  }

  /** Of the first plan that is seen: it may be older than the process. */
  private since({ setAt }: Plan): number {
    const at = Date.parse(setAt);
    return Number.isNaN(at) ? this.parts.clock.wallNow() : at;
  }

  private count(): CoverageReport {
    let known = 0;
    let devices = 0;
    let spoken = 0;
    let decided = 0;
    for (const { moved } of this.members()) {
      known += 1;
      if (!moved) continue;
      devices += 1;
      spoken += Number(moved.spoken);
      decided += Number(moved.decided);
    }
    const percentage = known === 0 ? undefined : (100 * devices) / known;
    return { known, devices, spoken, decided, percentage };
  }

  /** Since when the device has been with the new transport without a break; undefined when it is not. */
  private movedAt(deviceId: DeviceId): number | undefined {
    const { buckets } = this.parts.router.explain(deviceId);
    const { salt } = this.parts.router.current.plan;
    let movedAt: number | undefined;
    for (let era = this.eras.length - 1; era >= 0; era -= 1) {
      const { at, routed } = this.eras[era] as Era;
      // Under another salt the buckets were others: whoever was where then, the shuffle moved everybody.
      if (routed.plan.salt !== salt || !isNew(deviceId, buckets, routed)) break;
      movedAt = at;
    }
    return movedAt;
  }
}

function isNew(deviceId: DeviceId, buckets: Buckets, routed: Routed): boolean {
  const { pins } = routed.plan;
  return (
    assign(Object.hasOwn(pins, deviceId) ? pins[deviceId] : undefined, buckets, routed).transport === 'new'
  );
}

function routesAlike(one: Routed, other: Routed): boolean {
  const [first, second] = [one.plan, other.plan];
  return (
    one.latched === other.latched &&
    first.salt === second.salt &&
    first.percentage === second.percentage &&
    first.holdback === second.holdback &&
    pinsAlike(first.pins, second.pins)
  );
}

function pinsAlike(one: Plan['pins'], other: Plan['pins']): boolean {
  if (one === other) return true;
  const ids = Object.keys(one);
  return ids.length === Object.keys(other).length && ids.every((id) => one[id] === other[id]);
}
