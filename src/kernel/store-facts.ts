/**
 * Why a store did not do what it was asked to. Closed, because it is a label value. `unconfirmed`: written, but by fewer
 * replicas than it takes to survive a failover. `file`: the embedded store's disk. `server`: an answer nobody expected.
 */
export const STORE_CAUSES = [
  'timeout',
  'connection',
  'auth',
  'certificate',
  'readonly',
  'oom',
  'misconf',
  'noreplicas',
  'masterdown',
  'loading',
  'busy',
  'noperm',
  'wrongtype',
  'unconfirmed',
  'server',
  'file',
] as const;
export type StoreCause = (typeof STORE_CAUSES)[number];

/** What is to be told of the store of the rollout. */
export type StoreFact =
  | {
      readonly kind: 'store_failed';
      readonly operation: 'read' | 'write';
      readonly cause: StoreCause;
      readonly message: string;
    }
  /** It answers again, or for the first time. */
  | { readonly kind: 'store_reached' }
  /** What stands there is not believed; once for each distinct thing. */
  | { readonly kind: 'store_refused'; readonly message: string }
  /** A setting of the server with which it can lose what it was given. */
  | { readonly kind: 'store_warning'; readonly setting: string; readonly message: string }
  /** The store lost or contradicted what this process knows, which therefore wrote the lower of the two back. */
  | { readonly kind: 'plan_reasserted'; readonly percentage: number; readonly reason: string }
  /** A lowering that waited for the store came too late: the store was ahead of it. */
  | { readonly kind: 'lowering_dropped'; readonly reason: string; readonly why: string }
  /** Somebody who wanted to be told of a change threw; the others were told all the same. */
  | { readonly kind: 'listener_failed'; readonly error: unknown }
  /** What waits for the store could not be kept in the state directory either. */
  | { readonly kind: 'pending_unsaved'; readonly message: string };
