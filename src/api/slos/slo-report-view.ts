import { budgetLeft } from '../../slo/budget';
import { dayResultOf } from '../../slo/days';
import { durationText } from '../../slo/duration';
import type { ObjectivePeriod, Period, PeriodDay } from '../../slo/period';
import type { Reading } from '../../slo/readings';
import type { CountsView, ReportObjectiveView, SloReportView } from '../schemas/slo-report';

const DAY_MS = 24 * 60 * 60_000;
const PERCENT = 100;

/** The end of a period as a caller says it: a day is included. */
export function untilMsOf(until: string | undefined): number | undefined {
  if (until === undefined) return undefined;
  return Date.parse(until) + (until.length === '2026-11-20'.length ? DAY_MS : 0);
}

/** What `GET /v1/slos/report` shows. */
export function sloReportView(period: Period, replica: string): SloReportView {
  const { fromMs, untilMs, source, doubts, objectives } = period;
  return {
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    days: objectives[0]?.days.length ?? 0,
    source,
    replica,
    doubts: [...doubts],
    objectives: objectives.map((one) => objectiveView(one, untilMs)),
  };
}

function objectiveView({ objective, days }: ObjectivePeriod, untilMs: number): ReportObjectiveView {
  const accused = totalOf(days, 'new', untilMs);
  const legacy = totalOf(days, 'legacy', untilMs);
  const left = (counts: CountsView | null) =>
    counts === null ? null : (budgetLeft(counts, objective.budgetPpm) ?? null);
  return {
    name: objective.name,
    title: objective.title,
    target: objective.targetPercent / PERCENT,
    window: durationText(objective.windowMs),
    observeOnly: objective.observeOnly,
    result: accused === null ? 'unmeasured' : dayResultOf(objective, { kind: 'counts', ...accused }),
    new: accused,
    legacy,
    budgetLeft: { new: left(accused), legacy: left(legacy) },
    days: days.map((day) => ({
      day: day.day,
      result: day.result,
      new: countsOf(day.new),
      legacy: countsOf(day.legacy),
      why: day.new.kind === 'no_data' ? day.new.why : null,
    })),
  };
}

/** The days together; null when none of them was measured. Days that were not count as time that was not measured. */
function totalOf(
  days: readonly PeriodDay[],
  transport: 'new' | 'legacy',
  untilMs: number,
): CountsView | null {
  let [bad, all, measuredMs, lastedMs, measured] = [0, 0, 0, 0, false];
  for (const day of days) {
    const startMs = Date.parse(day.day);
    const lengthMs = Math.min(startMs + DAY_MS, untilMs) - startMs;
    lastedMs += lengthMs;
    const reading = day[transport];
    if (reading.kind === 'no_data') continue;
    measured = true;
    bad += reading.bad;
    all += reading.all;
    measuredMs += reading.coverage * lengthMs;
  }
  return measured ? { bad, all, coverage: lastedMs > 0 ? measuredMs / lastedMs : 0 } : null;
}

function countsOf(reading: Reading): CountsView | null {
  if (reading.kind === 'no_data') return null;
  const { bad, all, coverage } = reading;
  return { bad, all, coverage };
}
