import type { RecentTrafficView, TallyView } from '../../../src/api/schemas/overview';

type Column = (number | null)[];

/** Columns for charts: seconds since the epoch, then one column for each line. */
export interface Series {
  readonly at: number[];
  readonly success: readonly [Column, Column];
  /** New p50, new p99, legacy p50, legacy p99, in milliseconds. */
  readonly latency: readonly [Column, Column, Column, Column];
  readonly rate: readonly [Column, Column];
}

const SECOND_MS = 1000;
const EMPTY: TallyView = { commands: 0, bad: 0, p50Ms: null, p99Ms: null };
/** More than the server ever sends; a server that sends more does not fill the page. */
const MAX_CELLS = 1000;

/** New comes before legacy. Times without commands are gaps, not lines across. */
export function seriesOf({ cells, cellMs }: RecentTrafficView): Series {
  const series = emptySeries();
  const first = cells[0];
  if (!first) return series;
  const start = Date.parse(first.at);
  const byNumber = new Map(
    cells.slice(-MAX_CELLS).map((cell) => [Math.round((Date.parse(cell.at) - start) / cellMs), cell]),
  );
  const last = Math.max(...byNumber.keys());
  for (let number = Math.max(0, last - MAX_CELLS); number <= last; number += 1) {
    const cell = byNumber.get(number) ?? { new: EMPTY, legacy: EMPTY };
    series.at.push((start + number * cellMs) / SECOND_MS);
    push(series.success, [successOf(cell.new), successOf(cell.legacy)]);
    push(series.latency, [cell.new.p50Ms, cell.new.p99Ms, cell.legacy.p50Ms, cell.legacy.p99Ms]);
    const seconds = cellMs / SECOND_MS;
    push(series.rate, [cell.new.commands / seconds, cell.legacy.commands / seconds]);
  }
  return series;
}

function emptySeries(): Series {
  return { at: [], success: [[], []], latency: [[], [], [], []], rate: [[], []] };
}

function push(columns: readonly Column[], values: Column): void {
  columns.forEach((column, at) => column.push(values[at] ?? null));
}

function successOf({ commands, bad }: TallyView): number | null {
  return commands === 0 ? null : (100 * (commands - bad)) / commands;
}
