import type { Scope } from '../readings';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What was counted in one stretch of time, in one generation. */
export interface Cell {
  readonly startMs: number;
  readonly generation: number;
  /** How much of the stretch this process was there to count. */
  observedMs: number;
  readonly counts: Float64Array;
}

export interface CellLimits {
  /** Minutes older than this are put together to hours. */
  readonly fineMs: number;
  /** Hours older than this are forgotten. */
  readonly keptMs: number;
  /** Cells in all; the oldest go first. A generation that begins makes one more of the same minute. */
  readonly maxCells: number;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Counts by the minute, older ones by the hour, each generation for itself. */
export class CountCells {
  private fine = new Map<string, Cell>();
  private coarse = new Map<string, Cell>();

  constructor(
    private readonly width: number,
    private readonly limits: CellLimits,
  ) {}

  get size(): number {
    return this.fine.size + this.coarse.size;
  }

  add(atMs: number, generation: number, counts: ArrayLike<number>, observedMs: number): void {
    this.put(this.fine, { startMs: floorTo(atMs, MINUTE_MS), generation, counts, observedMs });
    this.age(atMs);
  }

  /**
   * Bad and all of two positions over every cell that touches the span, and how much of it was observed. The first
   * cell counts whole: a span is at most one cell longer than asked for, never shorter.
   */
  sum(positions: { readonly bad: number; readonly all: number }, scope: Scope, span: Span) {
    let [bad, all, observedMs] = [0, 0, 0];
    for (const cell of this.touching(span)) {
      if (scope !== 'whole' && cell.generation !== scope) continue;
      bad += cell.counts[positions.bad] as number;
      all += cell.counts[positions.all] as number;
      observedMs += cell.observedMs;
    }
    return { bad, all, observedMs };
  }

  /** Every cell, for keeping. */
  *cells(): Iterable<Cell & { readonly coarse: boolean }> {
    for (const cell of this.coarse.values()) yield { ...cell, coarse: true };
    for (const cell of this.fine.values()) yield { ...cell, coarse: false };
  }

  restore(
    cell: Omit<Cell, 'counts'> & { readonly counts: ArrayLike<number>; readonly coarse: boolean },
  ): void {
    if (cell.counts.length === this.width) this.put(cell.coarse ? this.coarse : this.fine, cell);
  }

  /** Puts minutes together that nobody asks for singly any more, and forgets what no window reaches. */
  age(nowMs: number): void {
    for (const [key, cell] of this.fine) {
      if (cell.startMs >= nowMs - this.limits.fineMs) continue;
      this.fine.delete(key);
      this.put(this.coarse, { ...cell, startMs: floorTo(cell.startMs, HOUR_MS) });
    }
    for (const [key, cell] of this.coarse)
      if (cell.startMs < nowMs - this.limits.keptMs) this.coarse.delete(key);
    for (const cells of [this.coarse, this.fine]) {
      for (const key of cells.keys()) {
        if (this.size <= this.limits.maxCells) return;
        cells.delete(key);
      }
    }
  }

  private *touching({ fromMs, toMs }: Span): Iterable<Cell> {
    for (const [cells, lengthMs] of [
      [this.coarse, HOUR_MS],
      [this.fine, MINUTE_MS],
    ] as const)
      for (const cell of cells.values())
        if (cell.startMs + lengthMs > fromMs && cell.startMs < toMs) yield cell;
  }

  private put(
    cells: Map<string, Cell>,
    more: Omit<Cell, 'counts'> & { readonly counts: ArrayLike<number> },
  ): void {
    const key = `${more.startMs}:${more.generation}`;
    const cell = cells.get(key) ?? {
      startMs: more.startMs,
      generation: more.generation,
      observedMs: 0,
      counts: new Float64Array(this.width),
    };
    cell.observedMs += more.observedMs;
    for (let at = 0; at < this.width; at += 1)
      cell.counts[at] = (cell.counts[at] as number) + (more.counts[at] as number);
    cells.set(key, cell);
  }
}

function floorTo(ms: number, step: number): number {
  return Math.floor(ms / step) * step;
}
