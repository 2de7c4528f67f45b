/**
 * One command's way over the new transport. `receipt` is the 0x7B, `reply` the F9; the same request is transmitted
 * again while either is missing. `stopped`: nothing is transmitted any more, whatever comes.
 */
export type DeliveryState =
  | { readonly kind: 'created' }
  /** The device does not take bytes; the transmission waits for it. */
  | { readonly kind: 'blocked'; readonly attempt: number }
  | { readonly kind: 'awaiting_receipt'; readonly attempt: number; readonly transmittedAt: number }
  | { readonly kind: 'awaiting_reply'; readonly attempt: number; readonly transmittedAt: number }
  /** With the instant of its only transmission as long as the reply to that may still teach the pace. */
  | { readonly kind: 'stopped'; readonly transmittedAt?: number };

export type DeliveryEvent =
  | { readonly kind: 'start'; readonly writable: boolean; readonly at: number }
  | { readonly kind: 'drained'; readonly at: number }
  | { readonly kind: 'receipt'; readonly at: number }
  | { readonly kind: 'reply'; readonly at: number }
  /** `permitted`: the budget over all devices allows a repeat. */
  | { readonly kind: 'timer'; readonly writable: boolean; readonly permitted: boolean; readonly at: number }
  | { readonly kind: 'stop' };

export type Awaited = 'receipt' | 'reply';

export type DeliveryEffect =
  | { readonly kind: 'transmit' }
  /** Wait for this answer as long as the device usually takes, and longer with each attempt. Replaces the timer before. */
  | { readonly kind: 'start_timer'; readonly awaited: Awaited; readonly attempt: number }
  | { readonly kind: 'stop_timer' }
  | { readonly kind: 'sample'; readonly awaited: Awaited; readonly roundTripMs: number }
  | { readonly kind: 'timed_out'; readonly awaited: Awaited; readonly attempt: number }
  /** The repeat that is due must wait for the budget. */
  | { readonly kind: 'repeat_denied' };

export interface DeliveryStep {
  readonly state: DeliveryState;
  readonly effects: readonly DeliveryEffect[];
}

const NOTHING: readonly never[] = [];
const STOPPED: DeliveryStep = { state: { kind: 'stopped' }, effects: [{ kind: 'stop_timer' }] };

/** What a delivery does next; `retries` is how often the request may be transmitted again. Pure. */
export function deliveryStep(state: DeliveryState, event: DeliveryEvent, retries: number): DeliveryStep {
  if (state.kind === 'stopped') return afterStop(state, event);
  switch (event.kind) {
    case 'start':
      return state.kind === 'created' ? transmit(1, event) : unchanged(state);
    case 'drained':
      return state.kind === 'blocked'
        ? transmit(state.attempt, { writable: true, at: event.at })
        : unchanged(state);
    case 'receipt':
      return state.kind === 'awaiting_receipt' ? receipted(state, event.at) : unchanged(state);
    case 'reply':
      return replied(state, event.at);
    case 'timer':
      return isWaiting(state) ? timedOut(state, event, retries) : unchanged(state);
    case 'stop':
      return stopped(state);
  }
}

function unchanged(state: DeliveryState): DeliveryStep {
  return { state, effects: NOTHING };
}

function stopped(state: DeliveryState): DeliveryStep {
  if (!isWaiting(state) || state.attempt > 1) return STOPPED;
  return { state: { kind: 'stopped', transmittedAt: state.transmittedAt }, effects: STOPPED.effects };
}

/** The rule, not the exception: the observer hears of a reply first, and stops the delivery because of it. */
function afterStop(state: Extract<DeliveryState, { kind: 'stopped' }>, event: DeliveryEvent): DeliveryStep {
  if (event.kind !== 'reply' || state.transmittedAt === undefined) return unchanged(state);
  const roundTripMs = event.at - state.transmittedAt;
  return { state: STOPPED.state, effects: [{ kind: 'sample', awaited: 'reply', roundTripMs }] };
}

/** Whether the next timer will want to repeat the request. */
export function mayRepeat(state: DeliveryState, retries: number): boolean {
  return isWaiting(state) && state.attempt <= retries;
}

type Waiting = Extract<DeliveryState, { kind: 'awaiting_receipt' | 'awaiting_reply' }>;

function isWaiting(state: DeliveryState): state is Waiting {
  return state.kind === 'awaiting_receipt' || state.kind === 'awaiting_reply';
}

function transmit(attempt: number, when: { writable: boolean; at: number }): DeliveryStep {
  if (!when.writable) return { state: { kind: 'blocked', attempt }, effects: NOTHING };
  return {
    state: { kind: 'awaiting_receipt', attempt, transmittedAt: when.at },
    // The timer first: a transmission that ends the link stops the delivery, and must find the timer to stop.
    effects: [{ kind: 'start_timer', awaited: 'receipt', attempt }, { kind: 'transmit' }],
  };
}

function receipted(state: Extract<DeliveryState, { kind: 'awaiting_receipt' }>, at: number): DeliveryStep {
  const { attempt, transmittedAt } = state;
  const wait: DeliveryEffect = { kind: 'start_timer', awaited: 'reply', attempt };
  return {
    state: { kind: 'awaiting_reply', attempt, transmittedAt },
    effects: [...sampleOf(state, 'receipt', at), wait],
  };
}

function replied(state: DeliveryState, at: number): DeliveryStep {
  const sample = isWaiting(state) ? sampleOf(state, 'reply', at) : NOTHING;
  return { state: STOPPED.state, effects: [...sample, ...STOPPED.effects] };
}

/** After a repeat nobody can say which transmission was answered, so the time teaches nothing. */
function sampleOf(state: Waiting, awaited: Awaited, at: number): readonly DeliveryEffect[] {
  return state.attempt === 1 ? [{ kind: 'sample', awaited, roundTripMs: at - state.transmittedAt }] : NOTHING;
}

function timedOut(
  state: Waiting,
  when: { writable: boolean; permitted: boolean; at: number },
  retries: number,
): DeliveryStep {
  const awaited = state.kind === 'awaiting_receipt' ? 'receipt' : 'reply';
  const timeout: DeliveryEffect = { kind: 'timed_out', awaited, attempt: state.attempt };
  if (state.attempt > retries) return { state: STOPPED.state, effects: [timeout] };
  if (!when.permitted) {
    const again: DeliveryEffect = { kind: 'start_timer', awaited, attempt: state.attempt };
    return { state, effects: [timeout, { kind: 'repeat_denied' }, again] };
  }
  const next = transmit(state.attempt + 1, when);
  return { state: next.state, effects: [timeout, ...next.effects] };
}
