/** State of the rollout on one side of a transition, as the audit trail has it. */
export interface TransitionState {
  readonly percentage: number;
  readonly holdback: number;
  readonly revision: number;
  readonly generation: number;
  readonly automation: string;
  readonly stage: string;
}

/** A change of the rollout that has taken place: an entry of the audit trail, as far as notifications need it. */
export interface Transition {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly reason: string;
  readonly before: TransitionState;
  readonly after: TransitionState;
  readonly evidence: Readonly<Record<string, unknown>>;
}

/** Transitions that have one name on every replica, however often the replicas came to it by themselves. */
const ONCE_PER_GENERATION: ReadonlySet<string> = new Set([
  'rollback',
  'release',
  'store_lost',
  'store_refused',
]);

/**
 * The name under which replicas agree who tells of a transition. Not by revision: what acted before it could be
 * stored gets another one when it is stored on top of somebody else's change.
 */
export function transitionKey({ action, at, by, after }: Transition): string {
  const { generation } = after;
  return ONCE_PER_GENERATION.has(action) ? `${generation}/${action}` : `${generation}/${action}/${at}/${by}`;
}
