import type { Outcome } from './words';

/** Why a command that the sample holds was not examined after all. */
export const MIRROR_DROP_REASONS = ['queue_full', 'breaker_open', 'not_transmitted', 'overheard'] as const;
export type MirrorDropReason = (typeof MIRROR_DROP_REASONS)[number];

/** Everything that can be wrong with a shadowed command. The first that applies is counted. */
export const DARK_LAUNCH_ERRORS = [
  'outcome_differs',
  'frame_differs',
  'layout_differs',
  'shadow_threw',
  'shadow_hung',
] as const;
export type DarkLaunchError = (typeof DARK_LAUNCH_ERRORS)[number];

/** What makes the breaker open. */
export const BREAKER_CAUSES = ['threw', 'overran', 'lagged', 'flooded'] as const;
export type BreakerCause = (typeof BREAKER_CAUSES)[number];

/** What the dark launch has to say. Nothing of it is evidence of how the real transports fare. */
export type MirrorFact =
  /** The sample holds this command, and legacy is about to deliver it. */
  | { readonly kind: 'mirror_sampled' }
  | { readonly kind: 'mirror_dropped'; readonly reason: MirrorDropReason }
  | {
      readonly kind: 'mirror_compared';
      readonly commandId: string;
      readonly deviceId: string;
      readonly generation: number;
      /** Undefined when outcome and frame agree. */
      readonly error: DarkLaunchError | undefined;
      /** With the bytes of legacy, and with the second layout. */
      readonly frameAgrees: boolean;
      readonly believed: Outcome;
      readonly observed: Outcome;
      readonly latencyMs: number;
      readonly retransmissions: number;
      readonly receiptTimeouts: number;
      readonly replyTimeouts: number;
      readonly denied: number;
      /** Legacy against itself. */
      readonly baselineOutcome: boolean;
      readonly baselineFrame: boolean;
    }
  | {
      readonly kind: 'mirror_failed';
      readonly generation: number;
      readonly error: 'shadow_threw' | 'shadow_hung';
      readonly message: string;
    }
  | { readonly kind: 'mirror_breaker_opened'; readonly cause: BreakerCause }
  | { readonly kind: 'mirror_breaker_closed' };
