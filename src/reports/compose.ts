import type { AuditEntryView } from '../api/schemas/history';
import type { LegacyRemovalView } from '../api/schemas/legacy-removal';
import type { MeView } from '../api/schemas/overview';
import type { RolloutView } from '../api/schemas/rollout';
import type { CountsView, ReportObjectiveView, SloReportView } from '../api/schemas/slo-report';
import type { SlosView } from '../api/schemas/slos';
import { evidenceSentence } from './evidence-sentence';
import { incidentsIn, isAutomatic } from './incidents';
import { recommend } from './recommendation';
import type { ChangeNote, DayNote, ObjectiveNote, Report, RollbackNote, Standing } from './report';

/** What the API answered. */
export interface ReportSources {
  readonly me: MeView;
  readonly rollout: RolloutView;
  readonly slos: SlosView;
  readonly period: SloReportView;
  readonly removal: LegacyRemovalView;
  /** Newest first. */
  readonly history: readonly AuditEntryView[];
  /** Older entries were there and were not read. */
  readonly historyCut: boolean;
  readonly madeAt: string;
}

/** Changes that are listed; of more, the newest ones. */
const MOST_CHANGES = 500;
/** The machine's bookkeeping: it changes nothing that anybody decided. */
const BOOKKEEPING: ReadonlySet<string> = new Set(['days_judged']);
/** Less than this of the time measured, and it is said. */
const WHOLE = 0.95;

/** Everything of a period put together. Pure. */
export function composeReport(sources: ReportSources): Report {
  const { me, rollout, slos, period, removal, history, madeAt } = sources;
  const trail = [...history].reverse();
  const inPeriod = trail.filter(({ at }) => at >= period.from && at < period.until);
  const incidents = incidentsIn(trail, period);
  const days = daysOf(period);
  const changes = inPeriod.filter(({ action }) => !BOOKKEEPING.has(action)).map(changeNote);
  return {
    kind: 'pointsman-slo-compliance',
    version: 1,
    environment: me.environment,
    program: me.version,
    madeAt,
    period: { from: period.from, until: period.until, days: period.days },
    source: sourceText(period),
    recommendation: recommend({ rollout, slos, removal, incidents, days }),
    standing: standingOf(rollout),
    objectives: period.objectives.map((objective) => objectiveNote(objective, slos)),
    days,
    incidents,
    rollbacks: inPeriod.filter(({ action }) => action === 'rollback').map(rollbackNote),
    changes: changes.slice(-MOST_CHANGES),
    changesLeftOut: Math.max(0, changes.length - MOST_CHANGES),
    removal: {
      answer: removal.answer,
      missing: removal.items
        .filter(({ answer }) => answer !== 'yes')
        .map(({ name, answer, finding }) => `${name} (${answer}): ${finding}`),
    },
    gaps: gapsOf(sources),
  };
}

function sourceText({ source, replica }: SloReportView): string {
  return source === 'prometheus'
    ? 'Prometheus, over all replicas and generations'
    : `the counts that the replica ${replica} keeps itself; other replicas are not in them`;
}

function standingOf({ plan, effectivePercentage, stage, automation, freeze, gates }: RolloutView): Standing {
  return {
    percentage: plan.percentage,
    effectivePercentage,
    holdback: plan.holdback,
    stage: stage.name,
    stageIndex: stage.index,
    stages: stage.of,
    enteredAt: stage.enteredAt,
    next: stage.next,
    automation: automation.kind,
    frozen: freeze !== null,
    generation: plan.generation,
    revision: plan.revision,
    lacks: gates.filter(({ state }) => state !== 'open').map(({ name, lacks }) => `${name}: ${lacks ?? '?'}`),
  };
}

function objectiveNote(objective: ReportObjectiveView, slos: SlosView): ObjectiveNote {
  const { name, title, target, window, observeOnly, result, budgetLeft } = objective;
  const judged = slos.at === null ? undefined : slos.objectives.find((one) => one.name === name);
  return {
    name,
    title,
    target,
    window,
    observeOnly,
    result,
    actual: { new: goodShare(objective.new), legacy: goodShare(objective.legacy) },
    counts: { new: objective.new, legacy: objective.legacy },
    budgetLeft,
    now: judged
      ? {
          verdict: judged.verdict,
          why: judged.why,
          budgetLeft: judged.budgetLeft,
          budgetLeftWhole: judged.budgetLeftWhole,
        }
      : null,
  };
}

function goodShare(counts: CountsView | null): number | null {
  return counts === null || counts.all <= 0 ? null : (counts.all - counts.bad) / counts.all;
}

function daysOf({ objectives }: SloReportView): DayNote[] {
  const [first] = objectives;
  return (first?.days ?? []).map(({ day }, at) => ({
    day,
    results: objectives.map(({ name, days }) => ({
      objective: name,
      result: days[at]?.result ?? 'unmeasured',
      coverage: days[at]?.new?.coverage ?? null,
    })),
  }));
}

function rollbackNote(entry: AuditEntryView): RollbackNote {
  const { at, by, reason, before, after } = entry;
  return {
    at,
    by,
    automatic: isAutomatic(entry),
    fromPercentage: before.percentage,
    toPercentage: after.percentage,
    cause: reason,
    evidence: evidenceSentence(entry),
    revision: after.revision,
  };
}

function changeNote({ at, by, action, reason, before, after }: AuditEntryView): ChangeNote {
  const changed = (['percentage', 'holdback', 'mirror', 'pins', 'automation', 'stage'] as const).filter(
    (name) => before[name] !== after[name],
  );
  const what = changed.map((name) => `${name} ${before[name]} → ${after[name]}`).join(', ');
  return { at, by, action, reason, revision: after.revision, what: what === '' ? 'nothing moved' : what };
}

function gapsOf(sources: ReportSources): string[] {
  const { period, slos, history, historyCut } = sources;
  const oldest = history.at(-1);
  const begins = oldest === undefined ? undefined : oldest.action === 'seed' || oldest.before.revision === 0;
  return [
    ...period.doubts.map((doubt) => `The numbers may not be whole: ${doubt}.`),
    ...period.objectives.flatMap(({ name, new: counts }) => {
      if (counts === null) return [`${name}: nothing of the new transport was measured in the period.`];
      if (counts.coverage >= WHOLE) return [];
      return [
        `${name}: ${shareText(counts.coverage)} of the period was measured; the rest is neither good nor bad.`,
      ];
    }),
    ...(rolledBack(sources)
      ? [
          'A rollback ends the counts of its generation: commands that were on the wire then, and failed after it, are not in these numbers. What caused a rollback stands in its evidence.',
        ]
      : []),
    ...(slos.at === null
      ? ['No judgement is there now: what the objectives say at this moment is missing.']
      : []),
    ...(oldest === undefined ? ['The history is empty.'] : []),
    ...(begins === false && oldest !== undefined && (historyCut || oldest.at > period.from)
      ? [`The history that was read begins at ${oldest.at}; what was before is not in this report.`]
      : []),
  ];
}

function rolledBack({ history, period }: ReportSources): boolean {
  return history.some(({ action, at }) => action === 'rollback' && at >= period.from && at < period.until);
}

function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
