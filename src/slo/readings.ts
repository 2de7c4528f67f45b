import type { TransportName } from '../kernel/words';
import type { Counts } from './budget';
import type { Objective } from './objectives';

/** One generation, or all of them together. */
export type Scope = number | 'whole';

/** What one window of one transport says. No data is neither good nor bad: it is not zero events. */
export type Reading =
  | (Counts & {
      readonly kind: 'counts';
      /** Share of the window that was measured, 0…1. */
      readonly coverage: number;
    })
  | { readonly kind: 'no_data'; readonly why: string };

export interface ReadRequest {
  readonly objective: Objective;
  readonly transport: TransportName;
  readonly scope: Scope;
  /** All are read at the same instant. */
  readonly windowsMs: readonly number[];
  /** The instant, by the source's own clock; undefined: now. */
  readonly endMs?: number | undefined;
}

export type Readings =
  | {
      readonly kind: 'read';
      readonly byWindow: ReadonlyMap<number, Reading>;
      /** What was asked, word for word. */
      readonly query: string;
    }
  | { readonly kind: 'unreachable'; readonly why: string; readonly query: string };

/** Whether a source may be believed at this moment. */
export type Health =
  /** `nowMs`: by the source's clock. */
  { readonly kind: 'well'; readonly nowMs: number } | { readonly kind: 'blind'; readonly why: string };

/** Answers the same question from wherever events are counted. Never rejects. */
export interface Reader {
  readonly source: 'prometheus' | 'process';
  check(objectives: readonly Objective[]): Promise<Health>;
  read(request: ReadRequest): Promise<Readings>;
}

/** What one transport was found to do: a reading of each window that was asked for. */
export interface Arm {
  readonly byWindow: ReadonlyMap<number, Reading>;
  readonly query: string;
}

/** The arm of an answer; of one that never came, each window says why. */
export function armOf(readings: Readings, windowsMs: readonly number[]): Arm {
  if (readings.kind === 'read') return readings;
  const { why, query } = readings;
  return { byWindow: new Map(windowsMs.map((window) => [window, { kind: 'no_data', why }])), query };
}

export function readingOf(arm: Arm, windowMs: number): Reading {
  return arm.byWindow.get(windowMs) ?? { kind: 'no_data', why: 'it was not asked for' };
}
