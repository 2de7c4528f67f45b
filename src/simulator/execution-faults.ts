import type { DeviceId } from '../kernel/device-id';
import type { RecordedCommand } from './command-record';

/** A command that reached a device and was not carried out exactly once. */
export interface ExecutionFault {
  readonly deviceId: DeviceId;
  readonly meshSequence: number;
  readonly executed: number;
}

/**
 * Holds a device's record to "exactly once". Commands that were refused need not have been carried out, and a repeat
 * whose first arrival the record no longer holds says nothing. Pure.
 */
export function executionFaults(deviceId: DeviceId, commands: readonly RecordedCommand[]): ExecutionFault[] {
  const times = new Map<number, number>();
  for (const { meshSequence, repeat, refused, executed } of commands) {
    if (refused || (repeat && !times.has(meshSequence))) continue;
    times.set(meshSequence, (times.get(meshSequence) ?? 0) + (executed ? 1 : 0));
  }
  return [...times]
    .filter(([, executed]) => executed !== 1)
    .map(([meshSequence, executed]) => ({ deviceId, meshSequence, executed }));
}
