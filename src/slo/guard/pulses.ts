import type { DeviceId } from '../../kernel/device-id';
import type { TransportName } from '../../kernel/words';

export interface PulseSettings {
  /** No device counts as silent before this. */
  readonly leastSilenceMs: number;
  /** Silent after so many of its own longest gaps. */
  readonly gaps: number;
  /** Gaps wanted before a device's rhythm is known. */
  readonly learnFrom: number;
  /** A rhythm is regular when its longest gap is at most so many times its mean gap… */
  readonly regular: number;
  /** …and its gaps differ from the mean by at most this share of it, on the average. */
  readonly deviation: number;
  /** Devices followed. */
  readonly devices: number;
}

/** Chosen by simulation: with fewer gaps, lost reports pass for silence; without regularity, chance does. */
export const PULSE_SETTINGS: Omit<PulseSettings, 'devices'> = {
  leastSilenceMs: 120_000,
  gaps: 3,
  learnFrom: 8,
  regular: 2.5,
  deviation: 0.4,
};

/** How much of what was learnt the next gap replaces. */
const LEARN = 1 / 16;
const DAY_MS = 86_400_000;

export interface SilentDevice {
  readonly deviceId: DeviceId;
  /** That served it when it was last heard. */
  readonly path: TransportName;
}

interface Pulse {
  path: TransportName;
  /** Anything at all that came from the device. */
  heardAt: number;
  /** The last regular report. */
  reportedAt: number;
  gaps: number;
  longestMs: number;
  meanMs: number;
  deviationMs: number;
  isSilent: boolean;
}

/** The rhythm in which each device reports of its own accord; one that keeps it can be missed. */
export class Pulses {
  private readonly pulses = new Map<DeviceId, Pulse>();

  constructor(private readonly settings: PulseSettings) {}

  get followed(): number {
    return this.pulses.size;
  }

  /** Something came from a device; `report`: of its own accord, as it does regularly. */
  heard(deviceId: DeviceId, about: { path: TransportName; report: boolean }, now: number): void {
    const pulse = this.pulses.get(deviceId);
    if (pulse) {
      pulse.path = about.path;
      pulse.heardAt = now;
      // The pause of a silence is not its rhythm.
      if (about.report && pulse.isSilent) pulse.reportedAt = now;
      else if (about.report) this.report(pulse, now);
      pulse.isSilent = false;
    } else if (about.report && this.pulses.size < this.settings.devices) {
      const { path } = about;
      const fresh = { gaps: 0, longestMs: 0, meanMs: 0, deviationMs: 0, isSilent: false };
      this.pulses.set(deviceId, { path, heardAt: now, reportedAt: now, ...fresh });
    }
  }

  /** The devices that have fallen silent since the last call; those unheard for a day are forgotten. */
  fallenSilent(now: number): SilentDevice[] {
    const silent: SilentDevice[] = [];
    for (const [deviceId, pulse] of this.pulses) {
      const unheardMs = now - pulse.heardAt;
      if (unheardMs > DAY_MS) this.pulses.delete(deviceId);
      else if (!pulse.isSilent && this.isMissed(pulse, unheardMs)) {
        pulse.isSilent = true;
        silent.push({ deviceId, path: pulse.path });
      }
    }
    return silent;
  }

  private isMissed(pulse: Pulse, unheardMs: number): boolean {
    const { leastSilenceMs, gaps } = this.settings;
    return unheardMs > Math.max(leastSilenceMs, gaps * pulse.longestMs) && this.isRegular(pulse);
  }

  private isRegular({ gaps, longestMs, meanMs, deviationMs }: Pulse): boolean {
    const { learnFrom, regular, deviation } = this.settings;
    return gaps >= learnFrom && longestMs <= regular * meanMs && deviationMs <= deviation * meanMs;
  }

  private report(pulse: Pulse, now: number): void {
    const gapMs = now - pulse.reportedAt;
    pulse.reportedAt = now;
    pulse.gaps += 1;
    pulse.longestMs = Math.max(gapMs, pulse.longestMs * (1 - LEARN));
    const share = Math.max(1 / pulse.gaps, LEARN);
    pulse.meanMs += (gapMs - pulse.meanMs) * share;
    pulse.deviationMs += (Math.abs(gapMs - pulse.meanMs) - pulse.deviationMs) * share;
  }
}
