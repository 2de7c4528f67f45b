import type { RolloutView } from '../../../src/api/schemas/rollout';
import type { Role } from '../../../src/kernel/roles';
import { percentText } from './texts';

export const ACTIONS = [
  'set',
  'promote',
  'pause',
  'resume',
  'rollback',
  'release',
  'freeze',
  'unfreeze',
] as const;
export type ActionName = (typeof ACTIONS)[number];

export interface Action {
  readonly name: ActionName;
  readonly label: string;
  /** What it would do now. */
  readonly what: string;
  /** Why it cannot be done now. */
  readonly refusal: string | undefined;
}

/** What this caller may do at all, and what now. Empty for who may only look. */
export function actionsFor(view: RolloutView, role: Role): readonly Action[] {
  if (!maySteer(role)) return [];
  return ACTIONS.map((name) => ({
    name,
    label: LABELS[name],
    what: WHAT[name](view),
    refusal: REFUSALS[name](view),
  }));
}

function maySteer(role: Role): boolean {
  return role === 'operator' || role === 'admin';
}

export function maySee(role: Role): boolean {
  return role === 'viewer' || maySteer(role);
}

const LABELS: Readonly<Record<ActionName, string>> = {
  set: 'Set percentage',
  promote: 'Promote',
  pause: 'Pause',
  resume: 'Resume',
  rollback: 'Roll back',
  release: 'Release',
  freeze: 'Freeze',
  unfreeze: 'Unfreeze',
};

const WHAT: Readonly<Record<ActionName, (view: RolloutView) => string>> = {
  set: ({ plan }) => `From ${percentText(plan.percentage)} to what you say. Takes the automation off.`,
  promote: ({ stage, gates }) => {
    const lacking = gates.filter(({ state }) => state !== 'open').length;
    const gate = lacking === 0 ? 'No gate is closed.' : `${lacking} of ${gates.length} gates lack something.`;
    return `To ${stage.next ?? 'the next stage'}. ${gate}`;
  },
  pause: () => 'The machine raises nothing any more; it still rolls back.',
  resume: () => 'The machine climbs the ladder as gates allow.',
  rollback: () => 'Every device back to legacy, at once, and latch.',
  release: () => 'Opens the latch and a new generation; evidence starts at zero.',
  freeze: () => 'Nobody raises anything, neither people nor the machine.',
  unfreeze: () => 'Ends the freeze.',
};

const LATCHED = 'Latched: nothing is raised until somebody releases it.';
const FROZEN = 'Frozen: nothing is raised until somebody ends the freeze.';

/** Rolling back is never refused: what the page knows may be old, and it harms nobody. */
const REFUSALS: Readonly<Record<ActionName, (view: RolloutView) => string | undefined>> = {
  set: (view) => (view.plan.percentage === 0 ? standstill(view) : undefined),
  promote: (view) => (view.stage.next === null ? 'The ladder is at its end.' : standstill(view)),
  pause: ({ automation }) => {
    if (automation.kind === 'latched') return 'Latched, which is stronger.';
    return automation.kind === 'paused' ? 'Paused already.' : undefined;
  },
  resume: ({ automation }) => {
    if (automation.kind === 'latched') return LATCHED;
    return automation.kind === 'armed' ? 'The machine is armed already.' : undefined;
  },
  rollback: () => undefined,
  release: ({ automation }) => (automation.kind === 'latched' ? undefined : 'Not latched.'),
  freeze: ({ freeze }) => (freeze ? 'Frozen already.' : undefined),
  unfreeze: ({ freeze }) => (freeze ? undefined : 'Not frozen.'),
};

/** What forbids every raise. */
export function standstill({ automation, freeze }: RolloutView): string | undefined {
  if (automation.kind === 'latched') return LATCHED;
  return freeze ? FROZEN : undefined;
}
