import type { PacketOf } from '../protocol/catalogue';

/** What a device keeps over its connections, apart from its mesh and its commands. */
export interface DeviceMemory {
  /** The next connection is the first since power came on. */
  justPoweredUp: boolean;
  clock: ClockReading | undefined;
  /** Answers to its own reports: noted, never waited for (protocol 5.1). */
  readonly acknowledged: { statuses: number; datapoints: number };
}

/** The local time that a device was given, as if it were UTC, and when. */
export interface ClockReading {
  readonly localMs: number;
  readonly atMs: number;
}

export function freshMemory(): DeviceMemory {
  return { justPoweredUp: true, clock: undefined, acknowledged: { statuses: 0, datapoints: 0 } };
}

/** What a device makes of a 0xC8 that arrived at `atMs`. */
export function clockReading(answer: PacketOf<'clock_answer'>, atMs: number): ClockReading {
  const { year, month, day, hour, minute, second } = answer;
  return { localMs: Date.UTC(year, month - 1, day, hour, minute, second), atMs };
}
