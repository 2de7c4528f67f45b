import type { MeasuredRates } from '../fleet/evidence-notice';
import type { Tally } from './tally';

const CELL_MS = 300_000;
const CELLS = 288;
/** The first hour is left out: devices that were broken before are found in it, once. */
const SETTLING_MS = 3_600_000;

interface Cell {
  readonly number: number;
  looks: number;
  failed: number;
  broken: number;
}

/** Events per second of both paths together over the last day, in cells of five minutes. */
export class BaseRates {
  private readonly cells: Cell[] = [];
  private from: number | undefined;

  /** One look, of one second. */
  add(tally: Tally, now: number): void {
    this.from ??= now + SETTLING_MS;
    if (now < this.from) return;
    const cell = this.cellOf(Math.floor(now / CELL_MS));
    cell.looks += 1;
    cell.failed += tally.new.failed + tally.legacy.failed;
    cell.broken += tally.new.broken + tally.legacy.broken;
  }

  /** Undefined until it was measured for five minutes. */
  get rates(): MeasuredRates | undefined {
    const sum = { looks: 0, failed: 0, broken: 0 };
    for (const { looks, failed, broken } of this.cells) {
      sum.looks += looks;
      sum.failed += failed;
      sum.broken += broken;
    }
    if (sum.looks * 1000 < CELL_MS) return undefined;
    return { firstFailures: sum.failed / sum.looks, breakages: sum.broken / sum.looks, seconds: sum.looks };
  }

  private cellOf(number: number): Cell {
    const last = this.cells.at(-1);
    if (last?.number === number) return last;
    const cell = { number, looks: 0, failed: 0, broken: 0 };
    this.cells.push(cell);
    while ((this.cells[0]?.number ?? number) <= number - CELLS) this.cells.shift();
    return cell;
  }
}
