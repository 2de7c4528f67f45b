import type { DeviceId } from '../../kernel/device-id';

const DAY_MS = 86_400_000;
const OUTCOMES_KEPT = 0xff;
/** So many bad ones among the last eight make a device broken. */
const BROKEN_FROM = 3;

export interface RecordLimits {
  /** Devices with a recent bad outcome that are remembered; the longest unheard go first. */
  readonly records: number;
  /** Broken devices set aside: at least so many may be, and beyond that this share of the fleet. */
  readonly asideLeast: number;
  readonly asideShare: number;
}

/** What one decided command means for its device. */
export interface Standing {
  /** It had no recent bad outcome, and was not set aside, before this command. */
  readonly clear: boolean;
  /** This command made it broken, for the first time in a day. */
  readonly broke: boolean;
}

const UNREMARKABLE: Standing = { clear: true, broke: false };
const KNOWN_BAD: Standing = { clear: false, broke: false };
const BROKE: Standing = { clear: false, broke: true };

interface DeviceRecord {
  /** The last eight outcomes, the newest in the lowest bit; 1 is bad. */
  outcomes: number;
  heardAt: number;
}

/**
 * What is known of devices that failed lately; the others have no record and cost nothing. A record stays with its
 * device when the device moves to the other path: so what was broken before the move is not blamed on it.
 */
export class DeviceRecords {
  /** In the order in which they were last heard. */
  private readonly recent = new Map<DeviceId, DeviceRecord>();
  /** Until when, in the order of that. */
  private readonly aside = new Map<DeviceId, number>();

  constructor(private readonly limits: RecordLimits) {}

  /** Devices with a bad outcome among their last eight. */
  get remembered(): number {
    return this.recent.size;
  }

  get setAside(): number {
    return this.aside.size;
  }

  /** Whether anything is known of a device. */
  has(deviceId: DeviceId): boolean {
    return this.recent.has(deviceId) || this.aside.has(deviceId);
  }

  decided(deviceId: DeviceId, bad: boolean, now: number): Standing {
    const record = this.recent.get(deviceId);
    const isAside = this.isAside(deviceId, now);
    if (!record && !bad) return isAside ? KNOWN_BAD : UNREMARKABLE;
    const before = record?.outcomes ?? 0;
    const outcomes = ((before << 1) | Number(bad)) & OUTCOMES_KEPT;
    this.keep(deviceId, record, outcomes, now);
    if (isBroken(outcomes)) return this.onBroken(deviceId, !isBroken(before), now);
    return before === 0 && !isAside ? UNREMARKABLE : KNOWN_BAD;
  }

  /** It has stopped talking. Whether that is news of it. */
  fellSilent(deviceId: DeviceId, now: number): boolean {
    const isNew = !this.isAside(deviceId, now);
    this.putAside(deviceId, now);
    return isNew;
  }

  /** Lets go of what is out of date, and of set-aside devices beyond the bound: a common outage must not blind the guard. */
  prune(now: number, fleet: number): void {
    const mostAside = Math.max(this.limits.asideLeast, Math.floor(fleet * this.limits.asideShare));
    for (const [deviceId, until] of this.aside) {
      if (until > now && this.aside.size <= mostAside) break;
      this.aside.delete(deviceId);
    }
    for (const [deviceId, { heardAt }] of this.recent) {
      if (heardAt > now - DAY_MS && this.recent.size <= this.limits.records) break;
      this.recent.delete(deviceId);
    }
  }

  /** One that was broken already, and made room for others, is not news again before it was well. */
  private onBroken(deviceId: DeviceId, justNow: boolean, now: number): Standing {
    const isAside = this.isAside(deviceId, now);
    if (justNow || isAside) this.putAside(deviceId, now);
    return justNow && !isAside ? BROKE : KNOWN_BAD;
  }

  private keep(deviceId: DeviceId, record: DeviceRecord | undefined, outcomes: number, now: number): void {
    this.recent.delete(deviceId);
    if (outcomes === 0) return;
    const kept = record ?? { outcomes, heardAt: now };
    kept.outcomes = outcomes;
    kept.heardAt = now;
    this.recent.set(deviceId, kept);
  }

  private isAside(deviceId: DeviceId, now: number): boolean {
    return (this.aside.get(deviceId) ?? -Infinity) > now;
  }

  private putAside(deviceId: DeviceId, now: number): void {
    this.aside.delete(deviceId);
    this.aside.set(deviceId, now + DAY_MS);
  }
}

function isBroken(outcomes: number): boolean {
  let bad = 0;
  for (let rest = outcomes; rest > 0; rest &= rest - 1) bad += 1;
  return bad >= BROKEN_FROM;
}
