import type { Clock } from '../kernel/clock';
import { effectivePercentage, type RecentCommands } from '../kernel/recent-commands';
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
    return effectivePercentage([this.recent()]);
  }

  recent(): RecentCommands {
    const oldest = this.second() - SECONDS;
    const cells = this.cells.filter(({ second }) => second > oldest);
    const sum = (countOf: (cell: RecentCommands) => number) =>
      cells.reduce((total, cell) => total + countOf(cell), 0);
    return { all: sum(({ all }) => all), toNew: sum(({ toNew }) => toNew) };
  }

  private second(): number {
    return Math.floor(this.clock.now() / SECOND_MS);
  }
}
