import type { DayResult } from '../slo/verdict';
import type { Position } from './document';
import type { Stage } from './ladder';

/** Days of each objective that are kept. */
export const DAYS_KEPT = 60;
/** Objectives whose days are kept. */
export const OBJECTIVES_KEPT = 50;
/** Approvals of one stage that are kept. */
export const APPROVALS_KEPT = 50;
/** Gates of one stage whose failure is remembered as told. */
export const TOLD_KEPT = 50;

const DAY_MS = 24 * 60 * 60_000;

/** The very beginning of a stage, with no evidence at all. */
export function positionAt(stage: Stage | string, at: string): Position {
  return {
    stage: typeof stage === 'string' ? stage : stage.name,
    enteredAt: at,
    clockReset: null,
    approvals: [],
    days: [],
    told: [],
    guardRates: null,
    lastDrill: null,
  };
}

/** The next stage of the same generation: what was measured stays, what people agreed to is used up. */
export function entering(position: Position, stage: Stage, at: string): Position {
  const { days, guardRates, lastDrill } = position;
  return { ...positionAt(stage, at), days, guardRates, lastDrill };
}

/** Another generation: evidence starts at zero. A drill, and what was measured before anything moved, stay true. */
export function startingOver(position: Position, stage: Stage | string, at: string): Position {
  const { guardRates, lastDrill } = position;
  return { ...positionAt(stage, at), guardRates, lastDrill };
}

/** Since when the clock of the stage runs. NaN when what is stored is no instant. */
export function clockStartOf({ enteredAt, clockReset }: Position): number {
  const entered = Date.parse(enteredAt);
  return clockReset === null ? entered : Math.max(entered, Date.parse(clockReset.at));
}

export interface Judged {
  /** Oldest first. */
  readonly days: readonly DayResult[];
  /** Those that were not known. */
  readonly fresh: readonly DayResult[];
}

/** Adds what is new, and lets the oldest days of each objective go. */
export function withDays(position: Position, results: readonly DayResult[]): Judged {
  const byObjective = new Map<string, DayResult[]>();
  for (const day of position.days)
    byObjective.set(day.objective, [...(byObjective.get(day.objective) ?? []), day]);
  const fresh: DayResult[] = [];
  for (const result of results) {
    const known = byObjective.get(result.objective) ?? [];
    if (!isNews(known, result) || (known.length === 0 && byObjective.size >= OBJECTIVES_KEPT)) continue;
    byObjective.set(result.objective, [...known, result].sort(byDay).slice(-DAYS_KEPT));
    fresh.push(result);
  }
  return { days: [...byObjective.values()].flat().sort(byDay), fresh };
}

/** What is older than all that is kept was known once, and is let go. */
function isNews(known: readonly DayResult[], { day }: DayResult): boolean {
  if (known.some((result) => result.day === day)) return false;
  const [oldest] = known;
  return known.length < DAYS_KEPT || (oldest !== undefined && day > oldest.day);
}

function byDay(one: DayResult, other: DayResult): number {
  if (one.day !== other.day) return one.day < other.day ? -1 : 1;
  return one.objective < other.objective ? -1 : one.objective > other.objective ? 1 : 0;
}

/** The clock after days of which some were failed; undefined when none of them touches it. */
export function clockAfter(
  position: Position,
  stage: Stage,
  fresh: readonly DayResult[],
): NonNullable<Position['clockReset']> | undefined {
  if (!stage.resets.failedDay) return undefined;
  const started = clockStartOf(position);
  const failed = fresh.filter(({ day, result }) => result === 'failed' && Date.parse(day) + DAY_MS > started);
  const last = failed.sort(byDay).at(-1);
  return (
    last && {
      at: new Date(Date.parse(last.day) + DAY_MS).toISOString(),
      why: `${last.objective} was failed on ${last.day}`,
    }
  );
}
