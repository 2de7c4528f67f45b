import type { TransportName } from '../../kernel/words';

/** What one path did in one second. Only clear devices count as exposed; a device that fails counts once. */
export interface PathTally {
  /** Commands of clear devices that were decided. */
  decided: number;
  /** How many of them were bad. */
  failed: number;
  /** Devices that became broken. */
  broken: number;
}

/** One second of both paths. */
export type Tally = Readonly<Record<TransportName, PathTally>>;

/** A tally as it is stored and sent: new decided, failed, broken; legacy decided, failed, broken. */
export type TallyRow = readonly [number, number, number, number, number, number];

export function emptyTally(): Tally {
  return { new: emptyPath(), legacy: emptyPath() };
}

/** Adds `more` to `sum`. */
export function addTally(sum: Tally, more: Tally): void {
  addPath(sum.new, more.new);
  addPath(sum.legacy, more.legacy);
}

export function rowOf(tally: Tally): TallyRow {
  const { new: one, legacy: other } = tally;
  return [one.decided, one.failed, one.broken, other.decided, other.failed, other.broken];
}

export function tallyOf(row: TallyRow): Tally {
  const [decided, failed, broken, legacyDecided, legacyFailed, legacyBroken] = row;
  return {
    new: { decided, failed, broken },
    legacy: { decided: legacyDecided, failed: legacyFailed, broken: legacyBroken },
  };
}

function emptyPath(): PathTally {
  return { decided: 0, failed: 0, broken: 0 };
}

function addPath(sum: PathTally, more: PathTally): void {
  sum.decided += more.decided;
  sum.failed += more.failed;
  sum.broken += more.broken;
}
