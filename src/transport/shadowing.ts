import type { DeviceId } from '../kernel/device-id';
import type { Outcome } from '../kernel/words';
import type { Action } from '../protocol/actions';
import type { Awaited } from './delivery/delivery';

/** Bytes that crossed the link; the instant is the clock's. */
export interface Passage {
  readonly at: number;
  /** A copy: nobody else holds it. */
  readonly bytes: Uint8Array;
}

/**
 * What crossed the link while legacy delivered one command. Data and nothing else: a shadow that is given this has no
 * exchange, no link and no function of any kind through which a byte could reach the device.
 */
export interface Recording {
  readonly commandId: string;
  readonly deviceId: DeviceId;
  /** Which connection of the process: what is learned of a device's pace lives as long as that. */
  readonly connection: number;
  readonly action: Action;
  readonly node: number;
  readonly generation: number;
  /** When it left its lane. */
  readonly startedAt: number;
  readonly deadlineAt: number;
  readonly written: readonly Passage[];
  /** What the device sent that may be an answer, in the order of arrival. */
  readonly heard: readonly Passage[];
  /** When the connection ended, if it did. */
  readonly lostAt: number | undefined;
  /** How the command ended, as the observer of the real delivery saw it. */
  readonly outcome: Outcome;
}

/** How the new transport would have fared with a recorded command. */
export interface ShadowReport {
  readonly outcome: Outcome;
  /** From leaving the lane to what the shadow takes for the end. */
  readonly latencyMs: number;
  /** Repeats that the new transport would have written. */
  readonly retransmissions: number;
  /** Waits for an answer that would have run out. */
  readonly timeouts: Readonly<Record<Awaited, number>>;
  /** Repeats that were due and that the budget would not have allowed. */
  readonly denied: number;
  /** Whether shadow and reality agree. */
  readonly agrees: {
    /** The outcome that the shadow believes, with the observer's. */
    readonly outcome: boolean;
    /** The frame that it would have written, with the bytes that legacy wrote, numbers and checksum apart. */
    readonly frame: boolean;
    /** That frame, with a second layout of the same command, to the byte. */
    readonly layout: boolean;
  };
  /** Legacy compared with itself, by the same means: what disagrees here is noise of the comparison. */
  readonly baseline: { readonly outcome: boolean; readonly frame: boolean };
}

/** Examines what was recorded. It may throw, reject or never answer; whoever asks must live with that. */
export interface Shadow {
  examine(recording: Recording): ShadowReport | Promise<ShadowReport>;
}
