import { isOpen, nextOpening } from './deployment-window';
import { closed, OPEN, type Finding, type GateContext } from './gate-report';
import type { CalendarFreeze, DeploymentWindow, Stage } from './ladder';
import { clockStartOf } from './position';
import { duration, moment } from './sentences';

/**
 * The stage must have lasted long enough, counted from its entry or from what began its clock again. What is lacking is
 * said without the time that has passed: who follows the rollout would be told of each second.
 */
export function checkHold(stage: Stage, { document, nowMs }: GateContext): Finding {
  const started = clockStartOf(document.position);
  const readyMs = started + stage.holdMs;
  // A stored instant that cannot be read never counts as long ago.
  if (Number.isNaN(readyMs)) return closed('nobody knows since when the stage lasts');
  if (nowMs >= readyMs) return OPEN;
  const reset = document.position.clockReset;
  const again = reset === null ? '' : ` (its clock began again: ${reset.why})`;
  return closed(
    `${duration(stage.holdMs)} of ${stage.name} needed, over at ${moment(readyMs, nowMs)}${again}`,
    readyMs,
  );
}

export function checkFreeze({ document: { freeze } }: GateContext): Finding {
  return freeze === null
    ? OPEN
    : closed(
        `frozen since ${freeze.since} by ${freeze.by} ("${freeze.reason}"), until somebody unfreezes it`,
      );
}

export function checkCalendar({ freezes, nowMs }: GateContext): Finding {
  const freeze = calendarFreezeAt(freezes, nowMs);
  return freeze === undefined
    ? OPEN
    : closed(
        `the calendar freezes raises until ${moment(freeze.toMs, nowMs)} ("${freeze.reason}")`,
        freeze.toMs,
      );
}

/** The freeze of the calendar that is on; of several the one that lasts longest. */
export function calendarFreezeAt(
  freezes: readonly CalendarFreeze[],
  atMs: number,
): CalendarFreeze | undefined {
  const on = freezes.filter(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  return on.reduce<CalendarFreeze | undefined>(
    (longest, freeze) => (longest === undefined || freeze.toMs > longest.toMs ? freeze : longest),
    undefined,
  );
}

export function checkWindow(window: DeploymentWindow, { nowMs }: GateContext): Finding {
  if (isOpen(window, nowMs)) return OPEN;
  const readyMs = nextOpening(window, nowMs);
  const { zone, days, fromMinute, toMinute } = window;
  const hours = `${clockTime(fromMinute)}–${clockTime(toMinute)} ${zone}`;
  const opens = readyMs === undefined ? 'nobody knows when it opens' : `opens at ${moment(readyMs, nowMs)}`;
  return closed(`outside the window ${days.join(' ')} ${hours}, ${opens}`, readyMs);
}

function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
