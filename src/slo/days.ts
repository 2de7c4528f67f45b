import { burnsFaster } from './budget';
import { inParallel } from './in-parallel';
import { minimumEvents, passEvents, type Objective } from './objectives';
import type { Reader, Reading, Readings } from './readings';
import type { DayResult } from './verdict';

const DAY_MS = 24 * 60 * 60_000;
/** The last scrapes of a day arrive in the next. */
const SETTLED_MS = 5 * 60_000;
/** Days looked back on: an evaluator that was away for longer has lost them. */
const LOOK_BACK = 7;
/** Of every generation, day and objective that have been read. */
const REMEMBERED = 2_000;

/**
 * How a UTC day went: met when the target was, on as many events as show it; failed when it was not, on as many as
 * show that. In between nothing is known.
 */
export function dayResultOf(objective: Objective, reading: Reading): DayResult['result'] {
  if (reading.kind === 'no_data') return 'insufficient';
  if (!burnsFaster(reading, 1, objective.budgetPpm))
    return reading.all >= passEvents(objective) ? 'met' : 'insufficient';
  const enough = reading.bad >= objective.minimumFailures && reading.all >= minimumEvents(objective, 1);
  return enough ? 'failed' : 'insufficient';
}

export interface DaysAsked {
  readonly reader: Reader;
  readonly objectives: readonly Objective[];
  readonly generation: number;
  /** By the reader's clock. */
  readonly nowMs: number;
  readonly concurrency: number;
}

/** The results of finished days, each read once. */
export class Days {
  /** Undefined: this generation had no events on that day. */
  private readonly known = new Map<string, DayResult | undefined>();

  /** Of the last days, oldest first; those that cannot be read now are asked for again. */
  async results({ reader, objectives, generation, nowMs, concurrency }: DaysAsked): Promise<DayResult[]> {
    const wanted = finishedDays(nowMs).flatMap((endMs) =>
      objectives.map((objective) => ({ endMs, objective, key: `${generation} ${endMs} ${objective.name}` })),
    );
    const unread = wanted.filter(({ key }) => !this.known.has(key));
    await inParallel(
      concurrency,
      unread.map(({ endMs, objective, key }) => async () => {
        const readings = await reader.read({
          objective,
          transport: 'new',
          scope: generation,
          windowsMs: [DAY_MS],
          endMs,
        });
        if (readings.kind === 'read') this.remember(key, resultOf(objective, readings, endMs));
      }),
    );
    return wanted.map(({ key }) => this.known.get(key)).filter((result) => result !== undefined);
  }

  private remember(key: string, result: DayResult | undefined): void {
    this.known.set(key, result);
    const [oldest] = this.known.keys();
    if (this.known.size > REMEMBERED && oldest !== undefined) this.known.delete(oldest);
  }
}

function resultOf(
  objective: Objective,
  { byWindow }: Extract<Readings, { kind: 'read' }>,
  endMs: number,
): DayResult | undefined {
  const reading = byWindow.get(DAY_MS);
  if (reading?.kind !== 'counts' || reading.all <= 0) return undefined;
  const day = new Date(endMs - DAY_MS).toISOString().slice(0, 10);
  return { day, objective: objective.name, result: dayResultOf(objective, reading) };
}

/** The midnights at which the last days ended. */
function finishedDays(nowMs: number): number[] {
  const last = Math.floor((nowMs - SETTLED_MS) / DAY_MS) * DAY_MS;
  return Array.from({ length: LOOK_BACK }, (_, at) => last - (LOOK_BACK - 1 - at) * DAY_MS);
}
