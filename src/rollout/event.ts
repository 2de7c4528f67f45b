import type { DeviceId } from '../kernel/device-id';
import type { TransportName } from '../kernel/words';
import type { Judgement } from '../slo/verdict';

/** What every wish carries. */
export interface Wish {
  readonly by: string;
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The revision that the caller has seen; a change since then refuses the wish. */
  readonly expectedRevision?: number | undefined;
}

/** Everything that may change a rollout. `confirmed`: the caller knows that it is more than policy or gates allow. */
export type RolloutEvent =
  | (Wish & { readonly kind: 'set_percentage'; readonly percentage: number; readonly confirmed: boolean })
  | (Wish & { readonly kind: 'set_holdback'; readonly holdback: number; readonly confirmed: boolean })
  | (Wish & { readonly kind: 'set_mirror'; readonly on: boolean; readonly percentage: number })
  /** Merged into the pins; null takes one away. */
  | (Wish & {
      readonly kind: 'set_pins';
      readonly pins: Readonly<Record<DeviceId, TransportName | null>>;
      readonly confirmed: boolean;
    })
  | (Wish & {
      readonly kind: 'rollback';
      readonly to: 'zero' | 'previous_stage';
      /** The generation that the evidence is of; another one than the plan's is recorded and changes nothing. Undefined: a person's wish. */
      readonly generation?: number | undefined;
      readonly evidence: Readonly<Record<string, unknown>>;
    })
  /** To the next stage, now. Refused while a gate lacks something, unless confirmed. */
  | (Wish & {
      readonly kind: 'promote';
      readonly judgement: Judgement | undefined;
      readonly confirmed: boolean;
    })
  | (Wish & { readonly kind: 'approve'; readonly role: string })
  /** `critical`: begins the clock of the stage again, where the stage says so. */
  | (Wish & {
      readonly kind: 'pause';
      readonly generation?: number | undefined;
      readonly critical: boolean;
      readonly evidence: Readonly<Record<string, unknown>>;
    })
  | (Wish & { readonly kind: 'resume' })
  | (Wish & { readonly kind: 'freeze' })
  | (Wish & { readonly kind: 'unfreeze' })
  /** `newSalt`: draws the cohorts anew, by explicit wish only. */
  | (Wish & { readonly kind: 'release'; readonly newSalt?: string | undefined })
  /** A rollback was rehearsed and took so long to be in effect. */
  | (Wish & {
      readonly kind: 'record_drill';
      readonly seconds: number;
      readonly evidence?: Readonly<Record<string, unknown>> | undefined;
    })
  /** The control plane's regular look. `by` and `reason` are those of the program. */
  | (Wish & { readonly kind: 'tick'; readonly judgement: Judgement });
