import type { AuditAction, AuditEntry } from '../../src/rollout/document';

/** Something that happened beside the rollout: a process that was stopped, a server that was killed. */
export interface Mark {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
}

type Telling = (entry: AuditEntry) => string;

const TELLINGS: Readonly<Record<AuditAction, Telling>> = {
  seed: ({ after }) => `begins the ramp at ${after.percentage} %`,
  set_percentage: ({ before, after }) => `sets ${before.percentage} % → ${after.percentage} %`,
  set_holdback: ({ before, after }) => `sets the holdback, ${before.holdback} % → ${after.holdback} %`,
  set_mirror: ({ before, after }) => `sets the mirror, ${before.mirror} % → ${after.mirror} %`,
  set_pins: ({ before, after }) => `pins devices, ${before.pins} → ${after.pins}`,
  promote: ({ before, after }) =>
    `goes from ${before.stage} to ${after.stage}, ${before.percentage} % → ${after.percentage} %`,
  approve: ({ before }) => `approves of leaving ${before.stage}`,
  pause: () => 'pauses',
  resume: () => 'arms the automation',
  freeze: () => 'freezes',
  unfreeze: () => 'unfreezes',
  rollback: ({ before, after }) => `rolls back, ${before.percentage} % → ${after.percentage} %, and latches`,
  release: ({ after }) => `releases the latch; generation ${after.generation}`,
  days_judged: () => 'writes down how days ended',
  clock_reset: ({ before }) => `begins the clock of ${before.stage} again`,
  gate_failed: ({ before }) => `tells of a failed gate of ${before.stage}`,
  approval_awaited: ({ before }) => `asks for approval of leaving ${before.stage}`,
  drill: () => 'rehearses a rollback',
  store_refused: () => 'does not believe the store',
  store_lost: () => 'has lost the store, and latches',
  reassert: ({ after }) => `re-asserts ${after.percentage} %`,
  dropped: () => 'is too late, and changes nothing',
};

/** The history of a ramp as people read it: a line for each entry and mark, oldest first, by the wall clock of `zone`. */
export function storyOf(trail: readonly AuditEntry[], marks: readonly Mark[], zone: string): string {
  // Swedes write 2026-03-29 03:00.
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const told = trail.filter(isNews).map((entry) => ({ at: Date.parse(entry.at), text: sentenceOf(entry) }));
  const all = [...told, ...marks.map(({ at, text }) => ({ at, text: `(${text})` }))];
  // Stable, so what happened at one moment stays in order.
  all.sort((one, other) => one.at - other.at);
  return all.map(({ at, text }) => `${clock.format(at)}  ${text}\n`).join('');
}

/** That a day went well is no news. */
function isNews({ action, reason }: AuditEntry): boolean {
  return action !== 'days_judged' || !reason.endsWith('none failed');
}

function sentenceOf(entry: AuditEntry): string {
  const { action, by, reason, before, after } = entry;
  const hands = before.automation === after.automation ? '' : ` (${before.automation} → ${after.automation})`;
  return `${by} ${TELLINGS[action](entry)}${hands}: ${reason}`;
}
