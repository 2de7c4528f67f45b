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
