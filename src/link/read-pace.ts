import { NO_TIMER, type Clock } from '../kernel/clock';
import { RateLimit } from '../kernel/rate-limit';
import type { Duplex } from './duplex';

export interface ReadPaceSettings {
  /** A device that sends more packets than that, after a burst of twice as many, is read more slowly. */
  readonly maxPacketsPerSecond: number;
}

/** So that bytes which make no packets are slowed down too. */
const BYTES_PER_PACKET = 512;

/** Lets a device that floods wait, so that the others do not have to. */
export class ReadPace {
  private readonly limit: RateLimit;
  private cancelResume = NO_TIMER;

  constructor(
    private readonly duplex: Duplex,
    private readonly clock: Clock,
    { maxPacketsPerSecond: perSecond }: ReadPaceSettings,
  ) {
    this.limit = new RateLimit({ perSecond, burst: 2 * perSecond }, clock);
  }

  /** Counts what was read at once. Returns for how many milliseconds nothing more is read, mostly 0. */
  charge(packets: number, bytes: number): number {
    const pauseMs = this.limit.charge(Math.max(packets, bytes / BYTES_PER_PACKET));
    if (pauseMs === 0) return 0;
    this.duplex.pause();
    this.cancelResume();
    this.cancelResume = this.clock.after(pauseMs, () => this.duplex.resume());
    return pauseMs;
  }

  close(): void {
    this.cancelResume();
  }
}
