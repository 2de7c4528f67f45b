/** What a gate does when its objective is missed, on evidence; too little evidence never does anything. */
export const GATE_ACTIONS = ['rollback', 'step_back', 'hold', 'notify'] as const;
export type GateAction = (typeof GATE_ACTIONS)[number];

/** Stands for every objective that is judged. */
export const ALL_OBJECTIVES = 'all';

/** Days of the week as they are written in a window. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When something may happen: local times of a zone. One that ends earlier than it begins goes over midnight. */
export interface DeploymentWindow {
  /** Days on which it opens. */
  readonly days: readonly Weekday[];
  /** Minutes after local midnight. */
  readonly fromMinute: number;
  /** Minutes after local midnight, not included. */
  readonly toMinute: number;
  /** IANA name. */
  readonly zone: string;
}

/** What must be true to leave a stage. Percentages are 0…100, durations milliseconds. */
export type Gate =
  /** Share of good events, in percent; without `atLeast` the objective's own verdict decides. */
  | (Failing & {
      readonly kind: 'objective';
      readonly objective: string;
      readonly atLeast: number | undefined;
    })
  /** Percent of this generation's error budget that must be left. */
  | (Failing & { readonly kind: 'budget'; readonly objective: string; readonly above: number })
  /** Consecutive whole days, UTC, on which the objective was met. */
  | (Failing & { readonly kind: 'days'; readonly objective: string; readonly days: number })
  /** Shadow deliveries that were compared, and the percent of them that must agree. */
  | (Failing & { readonly kind: 'mirror'; readonly agree: number; readonly compared: number })
  /** Good events that must have been seen. */
  | (Named & { readonly kind: 'evidence'; readonly objective: string; readonly clean: number })
  /** People of a role who must have agreed. */
  | (Named & { readonly kind: 'approval'; readonly role: string; readonly count: number })
  | (Named & { readonly kind: 'window'; readonly window: DeploymentWindow })
  /** Percent of the cohort's devices that must have spoken since they moved. */
  | (Named & { readonly kind: 'coverage'; readonly spoken: number })
  /** A rollback must have been rehearsed lately. */
  | (Named & { readonly kind: 'drill'; readonly withinMs: number });

export interface Named {
  /** Unique within its stage. */
  readonly name: string;
}

interface Failing extends Named {
  readonly onFail: GateAction;
}

/** What begins the clock of a stage again. */
export interface ClockResets {
  /** A UTC day on which an objective was failed; the clock begins at the end of that day. */
  readonly failedDay: boolean;
  /** A pause that was demanded as critical. */
  readonly criticalPause: boolean;
}

export interface Stage {
  readonly name: string;
  /** Share of devices on the new transport. */
  readonly percentage: number;
  /** Share of devices that are shadowed; 0 is no mirror. */
  readonly mirror: number;
  /** Share of devices that stay on legacy. */
  readonly holdback: number;
  /** How long the stage lasts at least. */
  readonly holdMs: number;
  readonly resets: ClockResets;
  readonly gates: readonly Gate[];
}

/** A time in which nothing is raised. Milliseconds since the epoch; `toMs` is not included. */
export interface CalendarFreeze {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: string;
}

/** The way up. Immutable. The first stage is at 0 %; neither does a percentage fall on the way, nor a holdback rise. */
export interface Ladder {
  readonly stages: readonly [Stage, ...Stage[]];
  readonly freezes: readonly CalendarFreeze[];
}

/** One stage and its place. */
export interface Rung {
  readonly index: number;
  readonly stage: Stage;
}

/** The lowest stage of those with the highest percentage that `percentage` reaches. */
export function rungFor(ladder: Ladder, percentage: number): Rung {
  let found: Rung = { index: 0, stage: ladder.stages[0] };
  for (const [index, stage] of ladder.stages.entries())
    if (stage.percentage <= percentage && stage.percentage > found.stage.percentage) found = { index, stage };
  return found;
}

/**
 * Where a rollout stands. The name that was stored counts as long as the ladder has it and the percentage reaches it:
 * an edited ladder, or a percentage that somebody lowered, must not leave a rollout higher up than its traffic.
 */
export function rungOf(ladder: Ladder, position: { stage: string }, percentage: number): Rung {
  const index = ladder.stages.findIndex(({ name }) => name === position.stage);
  const stage = ladder.stages[index];
  return stage !== undefined && stage.percentage <= percentage
    ? { index, stage }
    : rungFor(ladder, percentage);
}

export function rungAbove(ladder: Ladder, { index }: Rung): Rung | undefined {
  const stage = ladder.stages[index + 1];
  return stage && { index: index + 1, stage };
}
