import type { AuditEntryView, HistoryView, RevisionView } from '../../api/schemas/history';
import { evidenceLines } from './evidence-rows';
import { aligned } from './tree';

type State = AuditEntryView['before'];

/** One line for each change. */
export function renderHistory({ entries, next }: HistoryView): string {
  if (entries.length === 0) return 'the history is empty\n';
  const rows = aligned(
    entries.map(({ at, by, action, reason, before, after }) => [
      at,
      `r${after.revision} g${after.generation}`,
      action,
      changeText(before, after),
      `${by}: ${reason}`,
    ]),
  );
  const more = next === null ? '' : `older entries: pointsman history --after ${next}\n`;
  return `${rows.join('\n')}\n${more}`;
}

export function entryLine({ by, action, reason, before, after }: AuditEntryView): string {
  return `r${after.revision} ${action}: ${changeText(before, after)} by ${by}: ${reason}`;
}

/** What led to a revision: before, after, and the evidence it rests on. */
export function renderRevision({ revision, entries }: RevisionView): string {
  const blocks = entries.map(({ at, by, action, reason, before, after, evidence }) => {
    const head = `revision ${revision}: ${action} by ${by} at ${at}`;
    const rows = aligned([['because', reason], ...differences(before, after)]);
    return [head, ...rows.map((row) => `  ${row}`), ...evidenceBlock(evidence)].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

function evidenceBlock(evidence: AuditEntryView['evidence']): string[] {
  const rows = aligned(evidenceLines(evidence));
  if (rows.length === 0) return ['  no evidence was given'];
  return ['  evidence', ...rows.map((row) => `    ${row}`)];
}

function changeText(before: State, after: State): string {
  const parts = [
    before.percentage === after.percentage
      ? `${after.percentage} %`
      : `${before.percentage} % → ${after.percentage} %`,
    ...(before.holdback === after.holdback ? [] : [`holdback ${before.holdback} → ${after.holdback} %`]),
    ...(before.mirror === after.mirror ? [] : [`mirror ${before.mirror} → ${after.mirror} %`]),
    ...(before.pins === after.pins ? [] : [`pins ${before.pins} → ${after.pins}`]),
    ...(before.automation === after.automation ? [] : [`${before.automation} → ${after.automation}`]),
    ...(after.stage === before.stage || after.stage === '' ? [] : [`stage ${after.stage}`]),
  ];
  return parts.join(', ');
}

function differences(before: State, after: State): (readonly [string, string])[] {
  const changed = (Object.keys(after) as (keyof State)[]).filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return [['changed', 'nothing']];
  return changed.map((name) => [
    name,
    `${before[name]} → ${after[name] === '' ? '(by the percentage)' : after[name]}`,
  ]);
}
