import type { AuditEntryView } from '../../api/schemas/history';
import type { RolloutView } from '../../api/schemas/rollout';
import type { Clock } from '../../kernel/clock';
import type { CliIo } from '../io';
import { entryLine } from './render-history';
import { renderLine, renderStatus } from './render-rollout';

/** Where what is watched appears. */
export interface Screen {
  show(view: RolloutView): void;
  tell(entry: AuditEntryView): void;
  /** Something about the watching itself. */
  note(text: string): void;
}

const CLEAR = '\u001b[H\u001b[2J';
const REMEMBERED_NOTES = 5;

/** The tree, drawn anew over itself, with the last changes below. */
export function terminalScreen(io: CliIo, clock: Clock): Screen {
  let view: RolloutView | undefined;
  let notes: readonly string[] = [];
  const draw = (): void => {
    if (!view) return;
    const text = `${renderStatus(view, clock.wallNow())}\n${notes.map((note) => `${note}\n`).join('')}`;
    io.out(CLEAR + fitted(text, io.columns?.()));
  };
  const note = (text: string): void => {
    notes = [...notes, `${timeOf(clock)} ${text}`].slice(-REMEMBERED_NOTES);
    draw();
  };
  return {
    show(next) {
      view = next;
      draw();
    },
    tell: (entry) => note(entryLine(entry)),
    note,
  };
}

/** A line for each thing that changed: a log is no screen. */
export function lineScreen(io: CliIo, clock: Clock): Screen {
  let last = '';
  const say = (text: string): void => io.out(`${timeOf(clock)} ${text}\n`);
  return {
    show(view) {
      // Traffic is never twice the same; by whole percents it says enough.
      const effectivePercentage = view.effectivePercentage && Math.round(view.effectivePercentage);
      const about = renderLine({ ...view, effectivePercentage });
      if (about !== last) say(renderLine(view));
      last = about;
    },
    tell: (entry) => say(entryLine(entry)),
    note: say,
  };
}

/** One JSON document a line, for programs. */
export function jsonScreen(io: CliIo): Screen {
  const write = (kind: string, value: unknown): void => io.out(`${JSON.stringify({ [kind]: value })}\n`);
  return {
    show: (view) => write('rollout', view),
    tell: (entry) => write('audit', entry),
    note: (text) => write('note', text),
  };
}

/** Some terminals do not know how wide they are, and say 0. */
const NARROWEST = 20;

/** A line that wraps would push the tree off the screen. */
function fitted(text: string, columns = 0): string {
  if (columns < NARROWEST) return text;
  return text
    .split('\n')
    .map((line) => (line.length > columns ? `${line.slice(0, columns - 1)}…` : line))
    .join('\n');
}

function timeOf(clock: Clock): string {
  return new Date(clock.wallNow()).toISOString().slice(11, 19);
}
