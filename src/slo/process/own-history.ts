import type { Clock } from '../../kernel/clock';
import type { CountCells } from './count-cells';
import type { OwnCounters, Slots } from './slots';

/** The counters at one moment. */
export interface Snapshot {
  /** By the clock that only grows. */
  readonly at: number;
  readonly generation: number;
  readonly totals: Float64Array;
}

export interface OwnHistoryParts {
  readonly counters: OwnCounters;
  readonly slots: Slots;
  readonly cells: CountCells;
  readonly clock: Clock;
  /** Snapshots kept, newest last. */
  readonly maxSnapshots: number;
}

/** Turns the counters of this process, which only say how much there has been, into how much there was and when. */
export class OwnHistory {
  private last: Snapshot;
  private readonly kept: Snapshot[] = [];

  constructor(private readonly parts: OwnHistoryParts) {
    this.last = this.now();
    this.kept.push(this.last);
  }

  /** Looks at the counters now. Called regularly, before each answer, and when a generation ends. */
  take(): Snapshot {
    const { cells, clock, maxSnapshots } = this.parts;
    const next = this.now();
    const since = next.generation === this.last.generation ? this.last.totals : undefined;
    // Counters begin again with a generation; whatever they hold then is new.
    const counts = next.totals.map((total, at) => Math.max(0, total - (since?.[at] ?? 0)));
    cells.add(clock.wallNow(), next.generation, counts, next.at - this.last.at);
    this.last = next;
    this.kept.push(next);
    if (this.kept.length > maxSnapshots) this.kept.shift();
    return next;
  }

  /** The newest snapshot that is at least so old, unless another generation has begun since. */
  before(ageMs: number): Snapshot | undefined {
    const limit = this.parts.clock.now() - ageMs;
    const old = this.kept.filter(({ at }) => at <= limit).at(-1);
    return old?.generation === this.last.generation ? old : undefined;
  }

  /** The counters as they stand, which changes nothing. */
  now(): Snapshot {
    const { counters, slots, clock } = this.parts;
    return { at: clock.now(), generation: counters.currentGeneration, totals: slots.totals(counters) };
  }
}
