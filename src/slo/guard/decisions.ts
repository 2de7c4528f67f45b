import type { DeviceId } from '../../kernel/device-id';
import type { TransportName } from '../../kernel/words';
import { DeviceRecords, type RecordLimits } from './device-records';
import { RunRule, type ConfirmedRun, type RunSettings } from './run-rule';
import { EXPOSURE_FADE } from './sequential-test';
import { emptyTally, type Tally } from './tally';

/** A command that was decided: good at its answer, bad when it is refused, lost or late. */
export interface Decided {
  readonly deviceId: DeviceId;
  /** On which it was sent. */
  readonly path: TransportName;
  readonly bad: boolean;
}

/** Legacy's share of bad commands is measured over about this many seconds. */
const BAD_SHARE_FADE = Math.exp(-1 / 600);
/** Below so many it is not known. */
const BAD_SHARE_FROM = 100;

/** Commands of the last minute, clear or not, fading. */
export type Lately = Readonly<Record<TransportName, { decided: number; bad: number }>>;

/** Turns decided commands into the tally of a second, device by device, and follows the run of failures on new. */
export class Decisions {
  readonly records: DeviceRecords;
  readonly run: RunRule;
  /** For people: what may be bad without being evidence. */
  readonly lately: Lately = { new: { decided: 0, bad: 0 }, legacy: { decided: 0, bad: 0 } };
  private tally = emptyTally();
  private readonly legacy = { decided: 0, failed: 0 };

  constructor(limits: RecordLimits, run?: RunSettings) {
    this.records = new DeviceRecords(limits);
    this.run = new RunRule(run);
  }

  /** The run of failures, when this command confirms that new has failed. */
  decided({ deviceId, path, bad }: Decided, now: number): ConfirmedRun | undefined {
    const { clear, broke } = this.records.decided(deviceId, bad, now);
    const cells = this.tally[path];
    const lately = this.lately[path];
    lately.decided += 1;
    if (bad) lately.bad += 1;
    if (clear) cells.decided += 1;
    if (clear && bad) cells.failed += 1;
    if (broke) cells.broken += 1;
    if (!bad) return this.run.onGood(path, clear, now);
    if (clear) this.run.onBad(path, now);
    return undefined;
  }

  /** Good commands of devices of which nothing is known, all at once: for simulations. */
  goodOfUnknown(path: TransportName, count: number, now: number): ConfirmedRun | undefined {
    this.tally[path].decided += count;
    this.lately[path].decided += count;
    return count > 0 ? this.run.onGood(path, true, now, count) : undefined;
  }

  /** A device that reports regularly has stopped. */
  fellSilent(deviceId: DeviceId, path: TransportName, now: number): void {
    if (this.records.fellSilent(deviceId, now)) this.tally[path].broken += 1;
  }

  /** The tally since it was last taken; the next begins. Call once a second. */
  take(now: number, fleet: number): Tally {
    const { tally } = this;
    this.tally = emptyTally();
    this.records.prune(now, fleet);
    for (const path of [this.lately.new, this.lately.legacy]) {
      path.decided *= EXPOSURE_FADE;
      path.bad *= EXPOSURE_FADE;
    }
    this.legacy.decided = this.legacy.decided * BAD_SHARE_FADE + tally.legacy.decided;
    this.legacy.failed = this.legacy.failed * BAD_SHARE_FADE + tally.legacy.failed;
    if (this.legacy.decided >= BAD_SHARE_FROM) this.run.useBadShare(this.legacy.failed / this.legacy.decided);
    return tally;
  }

  /** Traffic moves: what was counted in this second so far belongs to neither share. What devices did is kept. */
  forgetSecond(): void {
    this.tally = emptyTally();
    this.run.reset();
  }
}
