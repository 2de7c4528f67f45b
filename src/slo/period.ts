import type { Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import { TRANSPORTS, type TransportName } from '../kernel/words';
import { dayResultOf } from './days';
import { inParallel } from './in-parallel';
import type { Objective } from './objectives';
import type { Health, Reader, Reading } from './readings';
import type { DayResult } from './verdict';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** The last scrapes of a day arrive in the next: until then its counts may still grow. */
const SETTLED_MS = 5 * MINUTE_MS;
/** Readings under way and waiting. One more is refused: each may be hundreds of queries. */
const MOST_WAITING = 8;
/** Finished days of one objective and transport that are remembered. */
const REMEMBERED = 2_000;

/** How one objective fared on one UTC day, over all generations. `unmeasured` is neither good nor bad. */
export interface PeriodDay {
  readonly day: string;
  readonly new: Reading;
  readonly legacy: Reading;
  readonly result: DayResult['result'] | 'unmeasured';
}

export interface ObjectivePeriod {
  readonly objective: Objective;
  /** Oldest first. */
  readonly days: readonly PeriodDay[];
}

/** Whole UTC days, of which the last one may not be over. */
export interface Period {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly source: Reader['source'];
  /** Why the numbers may not be whole, in sentences. */
  readonly doubts: readonly string[];
  readonly objectives: readonly ObjectivePeriod[];
}

export interface PeriodAsked {
  readonly days: number;
  /** Not included; undefined: now. */
  readonly untilMs?: number | undefined;
}

export interface PeriodsParts {
  readonly objectives: readonly Objective[];
  readonly reader: Reader;
  readonly clock: Clock;
  /** Questions that are put to the reader at once. */
  readonly concurrency: number;
}

interface Day {
  readonly startMs: number;
  readonly endMs: number;
}

/** Reads how the objectives fared over days, from wherever they are judged. One reading at a time. */
export class Periods {
  private readonly known = new Map<string, Reading>();
  private waiting = 0;
  private running: { readonly key: string; readonly period: Promise<Period> } | undefined;

  constructor(private readonly parts: PeriodsParts) {}

  /** Rejects only when too many are waited for. Asked the same again before the answer is there, it gives that one. */
  read(asked: PeriodAsked): Promise<Period> {
    const key = `${asked.days} ${asked.untilMs ?? 'now'}`;
    if (this.running?.key === key) return this.running.period;
    if (this.waiting >= MOST_WAITING)
      return Promise.reject(
        new AppError('store.unavailable', `${this.waiting} other periods are being read; ask again later`),
      );
    this.waiting += 1;
    const before = this.running?.period ?? Promise.resolve();
    const period = before
      .then(() => this.readNow(asked))
      .finally(() => {
        this.waiting -= 1;
        if (this.running?.period === period) this.running = undefined;
      });
    this.running = { key, period };
    return period;
  }

  private async readNow({ days: count, untilMs }: PeriodAsked): Promise<Period> {
    const { reader, objectives, clock, concurrency } = this.parts;
    const nowMs = clock.wallNow();
    const days = daysUntil(Math.min(untilMs ?? Infinity, nowMs), count);
    const health = await this.health();
    const doubts = new Set(health.kind === 'blind' ? [health.why] : []);
    const wanted = objectives.flatMap((objective) =>
      days.flatMap((day) => TRANSPORTS.map((transport) => ({ objective, day, transport }))),
    );
    let lost: string | undefined;
    const readings = await inParallel(
      concurrency,
      wanted.map((one) => async (): Promise<Reading> => {
        // A source that does not answer is not asked hundreds of times.
        if (lost !== undefined) return { kind: 'no_data', why: lost };
        const { reading, unreachable } = await this.dayOf(one, nowMs);
        lost ??= unreachable;
        return reading;
      }),
    );
    if (lost !== undefined) doubts.add(lost);
    const byTransport = (at: number) =>
      Object.fromEntries(TRANSPORTS.map((name, offset) => [name, readings[at + offset]])) as Record<
        TransportName,
        Reading
      >;
    return {
      fromMs: (days[0] as Day).startMs,
      untilMs: (days.at(-1) as Day).endMs,
      source: reader.source,
      doubts: [...doubts],
      objectives: objectives.map((objective, index) => ({
        objective,
        days: days.map((day, at) =>
          periodDay(objective, day, byTransport((index * days.length + at) * TRANSPORTS.length)),
        ),
      })),
    };
  }

  private async health(): Promise<Health> {
    try {
      return await this.parts.reader.check(this.parts.objectives);
    } catch (error) {
      return { kind: 'blind', why: messageOf(error) };
    }
  }

  private async dayOf(
    { objective, day, transport }: { objective: Objective; day: Day; transport: TransportName },
    nowMs: number,
  ): Promise<{ readonly reading: Reading; readonly unreachable?: string }> {
    const key = `${objective.name} ${transport} ${day.endMs}`;
    const known = this.known.get(key);
    if (known) return { reading: known };
    const windowMs = day.endMs - day.startMs;
    try {
      const readings = await this.parts.reader.read({
        objective,
        transport,
        scope: 'whole',
        windowsMs: [windowMs],
        endMs: day.endMs,
      });
      if (readings.kind === 'unreachable')
        return { reading: { kind: 'no_data', why: readings.why }, unreachable: readings.why };
      const reading = readings.byWindow.get(windowMs) ?? { kind: 'no_data', why: 'it was not answered' };
      if (day.endMs + SETTLED_MS < nowMs && reading.kind === 'counts') this.remember(key, reading);
      return { reading };
    } catch (error) {
      return { reading: { kind: 'no_data', why: messageOf(error) }, unreachable: messageOf(error) };
    }
  }

  private remember(key: string, reading: Reading): void {
    this.known.set(key, reading);
    const [oldest] = this.known.keys();
    if (this.known.size > REMEMBERED && oldest !== undefined) this.known.delete(oldest);
  }
}

/** UTC days, oldest first; the last is the one in which the period ends, up to the minute of its end. */
function daysUntil(untilMs: number, count: number): Day[] {
  const last = Math.floor((untilMs - 1) / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, (_, at) => {
    const startMs = last - (count - 1 - at) * DAY_MS;
    const endMs = Math.min(startMs + DAY_MS, Math.ceil(untilMs / MINUTE_MS) * MINUTE_MS);
    return { startMs, endMs };
  });
}

function periodDay(
  objective: Objective,
  { startMs }: Day,
  readings: Record<TransportName, Reading>,
): PeriodDay {
  const { new: accused, legacy } = readings;
  return {
    day: new Date(startMs).toISOString().slice(0, 10),
    new: accused,
    legacy,
    result: accused.kind === 'counts' ? dayResultOf(objective, accused) : 'unmeasured',
  };
}
