import type { BreakerCause } from '../kernel/mirror-facts';

export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Strains within a window of `strainWindowMs` that open it. */
  readonly strains: number;
  readonly strainWindowMs: number;
  /** How long it stays open before one is let through. */
  readonly pauseMs: number;
}

/** Instants are the clock's milliseconds. */
export type BreakerState =
  | {
      readonly kind: 'closed';
      readonly failures: number;
      readonly strains: number;
      readonly windowBegan: number;
    }
  | { readonly kind: 'open'; readonly until: number }
  /** One was let through; the next not before `until`, whatever becomes of it. */
  | { readonly kind: 'half_open'; readonly until: number };

/** The first two say that the shadow is not well, the others that the process is not. */
export type BreakerEvent =
  | { readonly kind: 'asked' }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly cause: 'threw' | 'overran' }
  | { readonly kind: 'strained'; readonly cause: 'lagged' | 'flooded' };

export interface BreakerStep {
  readonly state: BreakerState;
  /** Whether one may pass; of interest after `asked`. */
  readonly passes: boolean;
  readonly opened?: BreakerCause;
  readonly closed?: true;
}

export const CLOSED: BreakerState = { kind: 'closed', failures: 0, strains: 0, windowBegan: -Infinity };

/** Whether the mirror may go on. Pure. */
export function breakerStep(
  state: BreakerState,
  event: BreakerEvent,
  at: number,
  settings: BreakerSettings,
): BreakerStep {
  switch (event.kind) {
    case 'asked':
      return asked(state, at, settings);
    case 'succeeded':
      return succeeded(state);
    case 'failed':
      return failed(state, event.cause, at, settings);
    case 'strained':
      return strained(state, event.cause, at, settings);
  }
}

function asked(state: BreakerState, at: number, { pauseMs }: BreakerSettings): BreakerStep {
  if (state.kind === 'closed') return { state, passes: true };
  if (at < state.until) return { state, passes: false };
  return { state: { kind: 'half_open', until: at + pauseMs }, passes: true };
}

function succeeded(state: BreakerState): BreakerStep {
  if (state.kind === 'half_open') return { state: CLOSED, passes: true, closed: true };
  // While it is open only what was begun before comes to an end: that proves nothing about now.
  return { state: state.kind === 'closed' ? { ...state, failures: 0 } : state, passes: false };
}

function failed(
  state: BreakerState,
  cause: BreakerCause,
  at: number,
  settings: BreakerSettings,
): BreakerStep {
  if (state.kind === 'open') return { state, passes: false };
  const failures = state.kind === 'closed' ? state.failures + 1 : settings.failures;
  if (state.kind === 'half_open' || failures >= settings.failures) return open(state, cause, at, settings);
  return { state: { ...state, failures }, passes: true };
}

function strained(
  state: BreakerState,
  cause: BreakerCause,
  at: number,
  settings: BreakerSettings,
): BreakerStep {
  if (state.kind !== 'closed') return { state, passes: false };
  const began = at - state.windowBegan < settings.strainWindowMs ? state.windowBegan : at;
  const strains = began === state.windowBegan ? state.strains + 1 : 1;
  if (strains >= settings.strains) return open(state, cause, at, settings);
  return { state: { ...state, strains, windowBegan: began }, passes: true };
}

/** A try that failed is no news: it was open, and stays so. */
function open(
  state: BreakerState,
  cause: BreakerCause,
  at: number,
  { pauseMs }: BreakerSettings,
): BreakerStep {
  const opened = state.kind === 'closed' ? { opened: cause } : {};
  return { state: { kind: 'open', until: at + pauseMs }, passes: false, ...opened };
}
