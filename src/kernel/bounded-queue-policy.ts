/** What a full queue does: turn the newcomer away, let it wait for room, or give up the oldest for it. */
export const QUEUE_POLICIES = ['reject', 'block', 'drop_oldest'] as const;
export type QueuePolicy = (typeof QUEUE_POLICIES)[number];

/** Why the policy in effect changed: nobody got in any more, or all was calm again. */
export const POLICY_SWITCH_REASONS = ['deadlock_prevention', 'recovered'] as const;
export type PolicySwitchReason = (typeof POLICY_SWITCH_REASONS)[number];

export interface QueuePolicySettings {
  /** A queue found full more often than this before it was below half again is degraded. */
  readonly degradedAbove: number;
  /** So many waits for room in a row that ended without any make `block` drop the oldest instead. */
  readonly switchAfter: number;
  /** The least that a degradation lasts, and a switched policy. */
  readonly calmMs: number;
}

/** What a full queue does now. Relief is `block` that drops the oldest for a while. */
type Mode =
  | { readonly kind: 'reject' }
  | { readonly kind: 'drop_oldest' }
  | { readonly kind: 'block'; readonly timeouts: number }
  | { readonly kind: 'relief'; readonly since: number };

type Health =
  { readonly kind: 'well'; readonly fulls: number } | { readonly kind: 'degraded'; readonly since: number };

/** All that a queue remembers of its past. */
export interface QueueState {
  readonly mode: Mode;
  readonly health: Health;
}

/** What happened to a queue. Instants are the clock's milliseconds. */
export type QueueEvent<T> =
  /** An item got in, at once or after it had waited. */
  | { readonly kind: 'entered' }
  /** An item found no room; `mayHold` says whether one more may wait for it. */
  | { readonly kind: 'full'; readonly at: number; readonly newcomer: T; readonly mayHold: boolean }
  /** A wait for room ended without any. */
  | { readonly kind: 'put_timed_out'; readonly at: number }
  /** It is below half. */
  | { readonly kind: 'below_half'; readonly at: number };

/** What is to be done, in order. */
export type QueueEffect<T> =
  /** `drop_oldest`: room is made for the newcomer. */
  | { readonly kind: 'refuse' | 'hold' | 'drop_oldest'; readonly newcomer: T }
  | { readonly kind: 'degraded' }
  | { readonly kind: 'switched'; readonly to: QueuePolicy; readonly reason: PolicySwitchReason };

export interface QueueStep<T> {
  readonly state: QueueState;
  readonly effects: readonly QueueEffect<T>[];
}

const NOTHING: readonly never[] = [];
const WELL: Health = { kind: 'well', fulls: 0 };
const BLOCK: Mode = { kind: 'block', timeouts: 0 };
const FRESH: Readonly<Record<QueuePolicy, QueueState>> = {
  reject: { mode: { kind: 'reject' }, health: WELL },
  block: { mode: BLOCK, health: WELL },
  drop_oldest: { mode: { kind: 'drop_oldest' }, health: WELL },
};

/** The state of a queue that has no past. */
export function freshQueue(policy: QueuePolicy): QueueState {
  return FRESH[policy];
}

/** Whether forgetting the past of an empty queue would lose something. */
export function hasPast({ mode, health }: QueueState): boolean {
  return mode.kind === 'relief' || health.kind === 'degraded';
}

/** What a queue does with an event: the policy and its alarm as one pure function. */
export function queueStep<T>(
  state: QueueState,
  event: QueueEvent<T>,
  settings: QueuePolicySettings,
): QueueStep<T> {
  switch (event.kind) {
    case 'entered':
      return { state: gotIn(state), effects: NOTHING };
    case 'full':
      return foundFull(state, event, settings);
    case 'put_timed_out':
      return timedOut(state, event.at, settings);
    case 'below_half':
      return calm(state, event.at, settings);
  }
}

function gotIn(state: QueueState): QueueState {
  return state.mode.kind === 'block' && state.mode.timeouts > 0 ? { ...state, mode: BLOCK } : state;
}

function foundFull<T>(
  state: QueueState,
  { at, newcomer, mayHold }: Extract<QueueEvent<T>, { kind: 'full' }>,
  { degradedAbove }: QueuePolicySettings,
): QueueStep<T> {
  const effect = { kind: onFull(state.mode, mayHold), newcomer };
  if (state.health.kind === 'degraded') return { state, effects: [effect] };
  const fulls = state.health.fulls + 1;
  if (fulls <= degradedAbove)
    return { state: { ...state, health: { kind: 'well', fulls } }, effects: [effect] };
  return {
    state: { ...state, health: { kind: 'degraded', since: at } },
    effects: [effect, { kind: 'degraded' }],
  };
}

function onFull(mode: Mode, mayHold: boolean): 'refuse' | 'hold' | 'drop_oldest' {
  if (mode.kind === 'reject') return 'refuse';
  if (mode.kind === 'block') return mayHold ? 'hold' : 'refuse';
  return 'drop_oldest';
}

function timedOut(state: QueueState, at: number, { switchAfter }: QueuePolicySettings): QueueStep<never> {
  if (state.mode.kind !== 'block') return { state, effects: NOTHING };
  const timeouts = state.mode.timeouts + 1;
  if (timeouts < switchAfter)
    return { state: { ...state, mode: { kind: 'block', timeouts } }, effects: NOTHING };
  return {
    state: { ...state, mode: { kind: 'relief', since: at } },
    effects: [{ kind: 'switched', to: 'drop_oldest', reason: 'deadlock_prevention' }],
  };
}

function calm(state: QueueState, at: number, { calmMs }: QueuePolicySettings): QueueStep<never> {
  const { mode, health } = state;
  const relieved = mode.kind === 'relief' && at - mode.since >= calmMs;
  const healed = health.kind === 'degraded' ? at - health.since >= calmMs : health.fulls > 0;
  if (!relieved && !healed) return { state, effects: NOTHING };
  return {
    state: { mode: relieved ? BLOCK : mode, health: healed ? WELL : health },
    effects: relieved ? [{ kind: 'switched', to: 'block', reason: 'recovered' }] : NOTHING,
  };
}
