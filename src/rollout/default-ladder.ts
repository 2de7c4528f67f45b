import { DEFAULT_HOLDBACK } from '../routing/plan';
import { ALL_OBJECTIVES, WEEKDAYS, type Gate, type Ladder, type Stage } from './ladder';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Clean commands after which a failure rate below 0.1 % can be claimed with 95 % confidence. */
const CLEAN_COMMANDS = 2_995;

const NEVER = { failedDay: false, criticalPause: false };
const ALWAYS = { failedDay: true, criticalPause: true };

const allPass: Gate = {
  kind: 'objective',
  name: 'all objectives',
  objective: ALL_OBJECTIVES,
  atLeast: undefined,
  onFail: 'hold',
};

const budgetAbove = (above: number): Gate => ({
  kind: 'budget',
  name: 'error budget',
  objective: ALL_OBJECTIVES,
  above,
  onFail: 'hold',
});

const daysMet = (days: number): Gate => ({
  kind: 'days',
  name: 'days in a row',
  objective: ALL_OBJECTIVES,
  days,
  onFail: 'hold',
});

const mirrorAgrees: Gate = {
  kind: 'mirror',
  name: 'mirror agreement',
  agree: 99.5,
  compared: CLEAN_COMMANDS,
  onFail: 'hold',
};

const tenPercentGates: readonly Gate[] = [
  {
    kind: 'objective',
    name: 'command success',
    objective: 'command-success',
    atLeast: 99.5,
    onFail: 'hold',
  },
  { kind: 'evidence', name: 'clean commands', objective: 'command-success', clean: CLEAN_COMMANDS },
];

/** Everything goes to the new transport at an hour when few notice. */
const offPeak: Gate = {
  kind: 'window',
  name: 'off-peak window',
  window: { days: WEEKDAYS, fromMinute: 2 * 60, toMinute: 5 * 60, zone: 'UTC' },
};

/** The way of a ramp that nobody has written another ladder for: about ten weeks. */
export function defaultLadder(holdback = DEFAULT_HOLDBACK): Ladder {
  const stage = (name: string, percentage: number, holdDays: number, over: Partial<Stage> = {}): Stage => ({
    name,
    percentage,
    mirror: 0,
    holdback,
    holdMs: holdDays * DAY_MS,
    resets: NEVER,
    gates: [],
    ...over,
  });
  return {
    freezes: [],
    stages: [
      stage('dark-launch', 0, 7, { mirror: 100, gates: [mirrorAgrees] }),
      stage('canary-10', 10, 3, { gates: tenPercentGates }),
      stage('canary-25', 25, 4, { gates: [allPass, budgetAbove(50)] }),
      stage('canary-50', 50, 7, { gates: [allPass, daysMet(7)] }),
      stage('canary-75', 75, 3, { gates: [allPass, budgetAbove(30)] }),
      stage('canary-90', 90, 3, { gates: [allPass, daysMet(3), budgetAbove(20), offPeak] }),
      stage('full', 100, 3, { gates: [allPass] }),
      stage('validation', 100, 30, { gates: [allPass, budgetAbove(10)], resets: ALWAYS }),
      stage('holdback-released', 100, 3, { gates: [allPass, daysMet(3)], holdback: 0 }),
      stage('removal-ready', 100, 0, { holdback: 0 }),
    ],
  };
}
