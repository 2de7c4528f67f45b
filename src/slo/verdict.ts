/** Best first. `insufficient`: too little evidence. `unknown`: it could not be measured. Neither is good nor bad news. */
export const VERDICTS = ['pass', 'insufficient', 'unknown', 'fail'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Numbers, texts and lists of them: what a verdict rests on, as it is stored. */
export type Evidence = Readonly<Record<string, unknown>>;

/** What one objective says of the new transport in the present generation. */
export interface ObjectiveVerdict {
  /** Name of the objective, such as `command-success`. */
  readonly objective: string;
  readonly verdict: Verdict;
  /** One sentence with the numbers in it. */
  readonly why: string;
  /** Share of good events wanted, 0…1. */
  readonly target: number;
  /** Bad events and all events of this generation in the objective's window; undefined when nothing was measured. */
  readonly bad: number | undefined;
  readonly all: number | undefined;
  /** All events that a verdict of `pass` wants. */
  readonly evidenceNeeded: number;
  /** Events per second over the last hour, for forecasts; undefined when unknown. */
  readonly eventsPerSecond: number | undefined;
  /** Share of this generation's error budget that is left: 1 untouched, negative overspent. */
  readonly budgetLeft: number | undefined;
  /** The same over the whole window, whatever the generation. */
  readonly budgetLeftWhole: number | undefined;
  /** Share of the window that was measured, 0…1. */
  readonly coverage: number;
  /** Judged and shown, and counts in nothing that speaks of all objectives. */
  readonly observeOnly?: true | undefined;
  readonly evidence: Evidence;
}

/** How one objective ended a UTC day in this generation. */
export interface DayResult {
  /** Such as 2026-11-20. */
  readonly day: string;
  readonly objective: string;
  /** `insufficient` neither counts nor resets a row of good days. */
  readonly result: 'met' | 'failed' | 'insufficient';
}

/** What a judgement demands. A rollback outranks a pause. */
export type Demand =
  | { readonly kind: 'rollback'; readonly rule: string; readonly why: string; readonly evidence: Evidence }
  /** `critical`: it begins the clock of the validation again. */
  | {
      readonly kind: 'pause';
      readonly rule: string;
      readonly why: string;
      readonly critical: boolean;
      readonly evidence: Evidence;
    };

/** Why the machine must not raise now, though nothing has to be lowered or stopped. People may go on in spite of it. */
export interface Hold {
  /** Name of the gate that shows it. */
  readonly rule: string;
  /** What is missing, in a sentence. */
  readonly why: string;
}

/** Counted by every replica for itself, and added up. */
export interface FromReplicas {
  /** Replicas whose counts are in it. */
  readonly replicas?: number | undefined;
  /** Replicas that are there and whose counts are not: what was counted is a lower bound then. */
  readonly missing?: readonly string[] | undefined;
}

/** Shadow deliveries of this generation's dark launch, over all replicas. */
export interface MirrorEvidence extends FromReplicas {
  readonly compared: number;
  readonly disagreed: number;
}

/**
 * Devices that the percentage gives the new transport, and how many of them have spoken since they moved. One that
 * several replicas know is counted once, and has spoken if one of them has heard it.
 */
export interface CohortCoverage extends FromReplicas {
  readonly devices: number;
  readonly spoken: number;
  /** All devices that any replica has heard of since it started. */
  readonly known?: number | undefined;
  /** Those that some replica remembers from before, and none has heard of since. */
  readonly absent?: number | undefined;
  /** Those with a command that was decided over the new transport since they moved. */
  readonly decided?: number | undefined;
  /** Share of the devices that was counted: less than 1 of a fleet that is too large to be told in one notice. */
  readonly sampled?: number | undefined;
}

/** Everything that the rollout is told about how the transports fare, at one moment. */
export interface Judgement {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The generation that was judged; a judgement of another one than the plan's is not acted on. */
  readonly generation: number;
  readonly objectives: readonly ObjectiveVerdict[];
  /** Most severe first. */
  readonly demands: readonly Demand[];
  readonly holds?: readonly Hold[] | undefined;
  /** Results of finished days; those that are known already are ignored. */
  readonly days: readonly DayResult[];
  readonly mirror: MirrorEvidence | undefined;
  readonly coverage: CohortCoverage | undefined;
  /** Counted events per second of the whole fleet in the last 24 h, for the guard's thresholds; undefined when unknown. */
  readonly guardRates: GuardRates | undefined;
}

export interface GuardRates {
  readonly firstFailures: number;
  readonly breakages: number;
}

/** What is to be judged. */
export interface Question {
  readonly generation: number;
  readonly stage: string;
  /** ISO 8601, UTC: since when the stage lasts. */
  readonly since: string;
}

/** Judges the transports. Never rejects: what cannot be measured is `unknown`. */
export interface Judge {
  judge(question: Question): Promise<Judgement>;
}
