/** What kind of evidence made the guard trip: first failures, newly broken devices, or a run without any answer. */
export const GUARD_RULES = ['failures', 'breakages', 'run'] as const;
export type GuardRule = (typeof GUARD_RULES)[number];

/** What the guard reports. Sparse: it looks every second and says nothing while it sees nothing. */
export type GuardFact =
  | {
      readonly kind: 'guard_tripped';
      readonly rule: GuardRule;
      readonly sentence: string;
      readonly generation: number;
      /** False when it is set to observe only. */
      readonly acted: boolean;
    }
  /** The rollback that it asked for was refused, or is in effect here and not stored. */
  | { readonly kind: 'guard_rollback_failed'; readonly generation: number; readonly message: string };
