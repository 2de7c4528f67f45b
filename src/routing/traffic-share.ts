import type { Clock } from '../kernel/clock';
import type { TransportName } from '../kernel/words';

const SECONDS = 60;
const SECOND_MS = 1000;

/** The percentage that really went to the new transport in the last minute, in cells of a second. */
export class TrafficShare {
  private readonly cells = Array.from({ length: SECONDS }, () => ({ second: -1, all: 0, toNew: 0 }));

  constructor(private readonly clock: Clock) {}

  count(transport: TransportName): void {
    const second = this.second();
    const cell = this.cells[second % SECONDS] as (typeof this.cells)[number];
    if (cell.second !== second) Object.assign(cell, { second, all: 0, toNew: 0 });
    cell.all += 1;
    if (transport === 'new') cell.toNew += 1;
  }

  /** 0…100, or undefined when no command left a lane. */
  percentage(): number | undefined {
    const oldest = this.second() - SECONDS;
    const recent = this.cells.filter((cell) => cell.second > oldest);
    const all = recent.reduce((sum, cell) => sum + cell.all, 0);
    const toNew = recent.reduce((sum, cell) => sum + cell.toNew, 0);
    return all === 0 ? undefined : (100 * toNew) / all;
  }

  private second(): number {
    return Math.floor(this.clock.now() / SECOND_MS);
  }
}
