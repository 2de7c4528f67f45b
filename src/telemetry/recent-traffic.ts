import type { Clock } from '../kernel/clock';
import type { Fact } from '../kernel/facts';
import { TRANSMITTED_OUTCOMES, TRANSPORTS, type Outcome, type TransportName } from '../kernel/words';
import { LatencySketch } from './latency-sketch';

export const CELL_MS = 5_000;
const MINUTE_MS = 60_000;
/** A quarter of an hour. */
const CELLS = 180;

/** What says something of a transport; what never reached the device does not. */
const COUNTED: ReadonlySet<Outcome> = new Set(TRANSMITTED_OUTCOMES);

/** How the commands of one transport ended in a stretch of time. Latencies are those of applied commands. */
export interface TrafficTally {
  readonly commands: number;
  readonly bad: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

export type BothTallies = Readonly<Record<TransportName, TrafficTally>>;

/** Five seconds; `at` is their beginning in wall-clock milliseconds. */
export interface TrafficCell extends BothTallies {
  readonly at: number;
}

interface Count {
  commands: number;
  bad: number;
  readonly latencies: LatencySketch;
}

interface Cell {
  number: number;
  readonly new: Count;
  readonly legacy: Count;
}

/** How commands ended on either transport in the last quarter of an hour, in cells of five seconds. */
export class RecentTraffic {
  private readonly cells = Array.from({ length: CELLS + 1 }, emptyCell);

  constructor(private readonly clock: Clock) {}

  see(fact: Fact): void {
    if (fact.kind !== 'command_settled' || fact.purpose !== 'command' || !COUNTED.has(fact.outcome)) return;
    const count = this.present()[fact.transport];
    count.commands += 1;
    if (fact.outcome === 'applied') count.latencies.add(fact.latencyMs);
    else count.bad += 1;
  }

  /** The last minute in whole cells, without the one that is still being filled. */
  lastMinute(): BothTallies {
    const oldest = this.number() - MINUTE_MS / CELL_MS;
    const cells = this.kept().filter(({ number }) => number >= oldest);
    return { new: tallyOf(cells.map((cell) => cell.new)), legacy: tallyOf(cells.map((cell) => cell.legacy)) };
  }

  /** Whole cells, oldest first. Those in which nothing ended are left out. */
  history(): TrafficCell[] {
    const wall = this.clock.wallNow() - this.clock.now();
    return this.kept().map((cell) => ({
      at: Math.round(wall + cell.number * CELL_MS),
      new: tallyOf([cell.new]),
      legacy: tallyOf([cell.legacy]),
    }));
  }

  private kept(): Cell[] {
    const present = this.number();
    return this.cells
      .filter(({ number }) => number >= 0 && number < present && number >= present - CELLS)
      .sort((one, other) => one.number - other.number);
  }

  private present(): Cell {
    const number = this.number();
    const cell = this.cells[number % this.cells.length] as Cell;
    if (cell.number === number) return cell;
    cell.number = number;
    for (const transport of TRANSPORTS) clear(cell[transport]);
    return cell;
  }

  private number(): number {
    return Math.floor(this.clock.now() / CELL_MS);
  }
}

function emptyCell(): Cell {
  return { number: -1, new: emptyCount(), legacy: emptyCount() };
}

function emptyCount(): Count {
  return { commands: 0, bad: 0, latencies: new LatencySketch() };
}

function clear(count: Count): void {
  count.commands = 0;
  count.bad = 0;
  count.latencies.clear();
}

function tallyOf(counts: readonly Count[]): TrafficTally {
  const all = LatencySketch.sumOf(counts.map(({ latencies }) => latencies));
  return {
    commands: counts.reduce((sum, { commands }) => sum + commands, 0),
    bad: counts.reduce((sum, { bad }) => sum + bad, 0),
    p50Ms: all.quantile(0.5),
    p99Ms: all.quantile(0.99),
  };
}
