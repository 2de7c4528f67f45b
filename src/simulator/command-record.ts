import type { TransportName } from '../kernel/words';
import { writerOf } from './passing-packet';

/** A command that reached a device. */
export interface RecordedCommand {
  /** The clock's milliseconds at its arrival. */
  readonly atMs: number;
  readonly messageId: number;
  readonly meshSequence: number;
  readonly opcode: number;
  /** The mesh address it named. */
  readonly node: number;
  /** Whether it was carried out, this time. */
  readonly executed: boolean;
  /** Whether its mesh sequence had been seen before. */
  readonly repeat: boolean;
  /** Whether it was answered with a status other than 0 instead. */
  readonly refused: boolean;
}

/** Counts since the device was made; nothing resets them. */
export interface CommandTotals {
  /** Commands that arrived, repeats included. */
  received: number;
  executed: number;
  repeats: number;
  /** Repeats that were carried out all the same: the doubled commands. */
  executedRepeats: number;
  /** Answered with a status other than 0, and not carried out. */
  refused: number;
  /** Commands for a node that is not behind this bridge. */
  unknownNode: number;
  /** Frames that are malformed or mean nothing to a device. */
  unusable: number;
  /** Frames that came before the announce, when a device takes none. */
  early: number;
  /** Who wrote the commands that arrived: message id 0 is legacy's (protocol 7). */
  readonly writtenBy: Record<TransportName, number>;
}

export function noCommands(): CommandTotals {
  return {
    received: 0,
    executed: 0,
    repeats: 0,
    executedRepeats: 0,
    refused: 0,
    unknownNode: 0,
    unusable: 0,
    early: 0,
    writtenBy: { new: 0, legacy: 0 },
  };
}

/** Adds `more` to `sum`. */
export function addTotals(sum: CommandTotals, more: CommandTotals): void {
  sum.received += more.received;
  sum.executed += more.executed;
  sum.repeats += more.repeats;
  sum.executedRepeats += more.executedRepeats;
  sum.refused += more.refused;
  sum.unknownNode += more.unknownNode;
  sum.unusable += more.unusable;
  sum.early += more.early;
  sum.writtenBy.new += more.writtenBy.new;
  sum.writtenBy.legacy += more.writtenBy.legacy;
}

/** What a device received: the last `limit` commands one by one, and totals of all. */
export class CommandRecord {
  readonly totals: CommandTotals = noCommands();
  private readonly recent: RecordedCommand[] = [];

  constructor(private readonly limit: number) {}

  /** The last commands, oldest first. */
  get commands(): readonly RecordedCommand[] {
    return this.recent;
  }

  add(command: RecordedCommand): void {
    const { totals } = this;
    totals.received += 1;
    totals.writtenBy[writerOf(command.messageId)] += 1;
    if (command.repeat) totals.repeats += 1;
    if (command.refused) totals.refused += 1;
    if (command.executed) totals.executed += 1;
    if (command.executed && command.repeat) totals.executedRepeats += 1;
    this.recent.push(command);
    if (this.recent.length > this.limit) this.recent.shift();
  }

  /** How often each of the last commands was carried out, by mesh sequence: 1 everywhere means exactly once. */
  executions(): ReadonlyMap<number, number> {
    const times = new Map<number, number>();
    for (const { meshSequence, executed } of this.recent)
      times.set(meshSequence, (times.get(meshSequence) ?? 0) + (executed ? 1 : 0));
    return times;
  }
}
