import type { Judgement } from '../slo/verdict';
import type { RolloutDocument } from './document';
import type { CalendarFreeze, GateAction } from './ladder';

/** `failing`: there is evidence against it. `closed`: something is missing yet. */
export type GateState = 'open' | 'closed' | 'failing';

export interface GateReport {
  readonly name: string;
  readonly state: GateState;
  /** What is missing, in one sentence with the numbers in it; null when open. */
  readonly lacks: string | null;
  /** When it can be open, ISO 8601, UTC; null when open or when nobody can know. */
  readonly readyAt: string | null;
  /** What failing does. */
  readonly onFail: GateAction;
}

/** What gates are checked against. */
export interface GateContext {
  readonly document: RolloutDocument;
  readonly freezes: readonly CalendarFreeze[];
  /** Of the document's generation. */
  readonly judgement: Judgement | undefined;
  readonly nowMs: number;
}

/** A report without what every gate has. */
export type Finding =
  | { readonly state: 'open' }
  | { readonly state: 'closed'; readonly lacks: string; readonly readyMs?: number | undefined }
  | { readonly state: 'failing'; readonly lacks: string };

export const OPEN: Finding = { state: 'open' };

export function closed(lacks: string, readyMs?: number): Finding {
  return { state: 'closed', lacks, readyMs };
}

export function failing(lacks: string): Finding {
  return { state: 'failing', lacks };
}

export function reportOf(name: string, found: Finding, onFail: GateAction = 'hold'): GateReport {
  const readyMs = found.state === 'closed' ? found.readyMs : undefined;
  return {
    name,
    state: found.state,
    lacks: found.state === 'open' ? null : found.lacks,
    readyAt: readyMs === undefined ? null : new Date(readyMs).toISOString(),
    onFail,
  };
}
