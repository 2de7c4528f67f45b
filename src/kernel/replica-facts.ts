/** How one look of the control plane ended. `overtaken`: another replica changed the rollout in the meantime. */
export const TICK_OUTCOMES = ['changed', 'unchanged', 'overtaken', 'failed', 'overran', 'skipped'] as const;
export type TickOutcome = (typeof TICK_OUTCOMES)[number];

/** The kinds of receivers that notifications go to. */
export const RECEIVER_KINDS = ['json', 'slack'] as const;
export type ReceiverKind = (typeof RECEIVER_KINDS)[number];

/** How a notification ended. `failed`: given up after the last try. `dropped`: there was no room, or no time, for it. */
export const NOTIFICATION_OUTCOMES = ['sent', 'failed', 'dropped'] as const;
export type NotificationOutcome = (typeof NOTIFICATION_OUTCOMES)[number];

/** What replicas report of themselves, of each other, and of what they tell people. */
export type ReplicaFact =
  /** `message`: empty unless something went wrong. */
  | { readonly kind: 'ticked'; readonly outcome: TickOutcome; readonly message: string }
  | {
      readonly kind: 'leadership_changed';
      readonly held: boolean;
      readonly token: number | undefined;
      readonly holder: string | undefined;
    }
  | { readonly kind: 'lease_failed'; readonly message: string }
  /** Something of the ladder or the objectives that can never work; `pointsman check` says it too. */
  | {
      readonly kind: 'ladder_warning';
      readonly rule: string;
      readonly where: string;
      readonly message: string;
    }
  /** The board cannot be reached; what was read from it before gets old. Once for each time that it begins. */
  | { readonly kind: 'noticeboard_failed'; readonly board: string; readonly message: string }
  /** Replicas have followed different plans for longer than they may, or do so no more. */
  | {
      readonly kind: 'revision_skew';
      readonly skewed: boolean;
      /** Replica and what it follows, such as `a: 3.17`. */
      readonly replicas: readonly string[];
    }
  | {
      readonly kind: 'notification';
      readonly receiver: string;
      readonly receiverKind: ReceiverKind;
      readonly outcome: NotificationOutcome;
      readonly attempts: number;
      /** Why it was not sent; never an address, which may be a secret. */
      readonly message: string;
    }
  /** It could not be made sure that no other replica tells of it as well. */
  | { readonly kind: 'notification_unclaimed'; readonly message: string }
  | { readonly kind: 'job_failed'; readonly job: string; readonly message: string }
  /** Devices are let go, over so many milliseconds. */
  | { readonly kind: 'letting_go'; readonly devices: number; readonly overMs: number };
