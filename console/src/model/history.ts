import type { AuditEntryView } from '../../../src/api/schemas/history';
import { percentText } from './texts';

/** On the page; older ones are asked for again. */
const MAX_ENTRIES = 500;

/** Both lists in one, newest first, none twice. */
export function merged(
  known: readonly AuditEntryView[],
  more: readonly AuditEntryView[],
): readonly AuditEntryView[] {
  const all = new Map([...known, ...more].map((entry) => [keyOf(entry), entry]));
  return [...all.values()]
    .sort((one, other) => other.after.revision - one.after.revision || other.at.localeCompare(one.at))
    .slice(0, MAX_ENTRIES);
}

export function keyOf({ at, action, after }: AuditEntryView): string {
  return `${after.revision} ${at} ${action}`;
}

const NAMES: Readonly<Record<string, string>> = {
  seed: 'Began',
  set_percentage: 'Percentage set',
  set_holdback: 'Holdback set',
  set_mirror: 'Mirror set',
  set_pins: 'Pins set',
  promote: 'Promoted',
  approve: 'Approved',
  pause: 'Paused',
  resume: 'Resumed',
  freeze: 'Frozen',
  unfreeze: 'Freeze ended',
  rollback: 'Rolled back',
  release: 'Released',
  days_judged: 'Days judged',
  clock_reset: 'Clock began again',
  gate_failed: 'Gate failed',
  approval_awaited: 'Waits for approval',
  drill: 'Drill',
  store_refused: 'Store refused',
  store_lost: 'Store lost',
  reassert: 'Put right',
  dropped: 'Recorded, not obeyed',
};

export function actionText(action: string): string {
  return NAMES[action] ?? action;
}

/** What changed, in few words. */
export function changeText({ before, after }: AuditEntryView): string {
  const parts = [
    before.percentage === after.percentage
      ? percentText(after.percentage)
      : `${percentText(before.percentage)} → ${percentText(after.percentage)}`,
    ...changed('holdback', before.holdback, after.holdback, ' %'),
    ...changed('mirror', before.mirror, after.mirror, ' %'),
    ...changed('pins', before.pins, after.pins, ''),
    ...(before.automation === after.automation ? [] : [`${before.automation} → ${after.automation}`]),
    ...(after.stage === before.stage || after.stage === '' ? [] : [`stage ${after.stage}`]),
  ];
  return parts.join(', ');
}

function changed(name: string, before: number, after: number, unit: string): string[] {
  return before === after ? [] : [`${name} ${before} → ${after}${unit}`];
}

export interface EvidenceRow {
  readonly name: string;
  readonly text: string;
}

/** Evidence as rows of text, whatever it is made of: numbers and words as they are, the rest as JSON. */
export function evidenceRows(evidence: AuditEntryView['evidence']): readonly EvidenceRow[] {
  return Object.entries(evidence)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => ({ name: wordsOf(name), text: textOf(value) }));
}

/** "falseAlarmDays" → "false alarm days". */
function wordsOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return String(Math.round(value * 10_000) / 10_000);
  return isFlat(value) ? flatText(value) : JSON.stringify(value);
}

function isFlat(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const parts: readonly unknown[] = Object.values(value);
  return parts.length < 8 && parts.every((part) => typeof part !== 'object' || part === null);
}

/** {"decided": 11, "bad": 11} → "decided 11, bad 11". */
function flatText(value: object): string {
  const named = Object.entries(value).map(
    ([name, part]) => [Array.isArray(value) ? '' : wordsOf(name), textOf(part)] as const,
  );
  return named.map(([name, text]) => `${name} ${text}`.trim()).join(', ');
}
