import type { DayResult } from '../slo/verdict';
import { closed, failing, OPEN, type Finding, type GateContext } from './gate-report';
import { verdictsOf } from './gates-of-objectives';
import { ALL_OBJECTIVES, type Gate } from './ladder';
import { clockStartOf } from './position';
import { moment, utcDay } from './sentences';

const DAY_MS = 24 * 60 * 60_000;

type DaysGate = Extract<Gate, { kind: 'days' }>;

/**
 * Whole days of this stage, up to now, on which the objectives were met, counted back to the last that was failed. A
 * day with too little evidence neither counts nor ends the row.
 */
export function checkDays(gate: DaysGate, context: GateContext): Finding {
  const started = clockStartOf(context.document.position);
  if (Number.isNaN(started)) return closed('nobody knows since when the stage lasts');
  const wanted = objectivesOf(gate, context);
  if (wanted.length === 0) return closed('no objective is judged');
  const { row, failedOn } = rowOf(context.document.position.days, wanted, started);
  if (row >= gate.days) return OPEN;
  const lacks = `${gate.days} days in a row needed, ${row} met`;
  const judgedOn = context.document.position.days.at(-1)?.day;
  if (failedOn !== undefined && failedOn === judgedOn) return failing(`${lacks}: ${failedOn} was failed`);
  const readyMs = earliest(started, gate.days - row, context.nowMs);
  return closed(`${lacks}, possible at ${moment(readyMs, context.nowMs)}`, readyMs);
}

function objectivesOf({ objective }: DaysGate, { judgement }: GateContext): readonly string[] {
  if (objective !== ALL_OBJECTIVES) return [objective];
  return judgement ? verdictsOf(judgement, ALL_OBJECTIVES).map((verdict) => verdict.objective) : [];
}

interface Row {
  readonly row: number;
  /** The last day that was failed. */
  readonly failedOn: string | undefined;
}

function rowOf(days: readonly DayResult[], wanted: readonly string[], startedMs: number): Row {
  let row = 0;
  let failedOn: string | undefined;
  for (const day of wholeDays(days, startedMs)) {
    const results = wanted.map(
      (objective) => days.find((known) => known.day === day && known.objective === objective)?.result,
    );
    if (results.includes('failed')) {
      row = 0;
      failedOn = day;
    } else if (results.every((result) => result === 'met')) row += 1;
  }
  return { row, failedOn };
}

/** Days that began in the stage: the day on which it was entered also holds what the stage before has done. */
function wholeDays(days: readonly DayResult[], startedMs: number): readonly string[] {
  const known = new Set(days.map(({ day }) => day));
  return [...known].filter((day) => Date.parse(day) >= startedMs).sort();
}

/** When so many more days can be over: not before today is, nor before the stage has lasted so long. */
function earliest(startedMs: number, missing: number, nowMs: number): number {
  const firstWhole = Math.ceil(startedMs / DAY_MS) * DAY_MS;
  const today = Date.parse(utcDay(nowMs));
  return Math.max(firstWhole, today) + missing * DAY_MS;
}
