import type { TransportName } from '../kernel/words';
import type { LastLook } from './evaluator';
import type { Objective } from './objectives';
import type { Snapshot } from './process/own-history';
import type { Side, Slots } from './process/slots';
import { readingOf, type Arm } from './readings';

/** Good events and all events. */
export interface Count {
  readonly good: number;
  readonly total: number;
}

/** Of each objective, on both transports; null where nothing was measured. */
export type SliCounts = Readonly<Record<string, Readonly<Record<TransportName, Count | null>>>>;

/** What this process has counted since the generation began. */
export function ownCounts(
  objectives: readonly Objective[],
  slots: Slots,
  { totals }: Pick<Snapshot, 'totals'>,
): SliCounts {
  const count = (name: string, transport: TransportName): Count => {
    const at = (side: Side): number => totals[slots.at(name, transport, side)] ?? 0;
    return countOf({ bad: at('bad'), all: at('all') });
  };
  return Object.fromEntries(
    objectives.map(({ name }) => [name, { new: count(name, 'new'), legacy: count(name, 'legacy') }]),
  );
}

/** What was read at the last look, of this generation over the window of each objective. */
export function judgedCounts({ judged }: Pick<LastLook, 'judged'>): SliCounts {
  return Object.fromEntries(
    judged.map(({ measured: { objective, accused, control } }) => [
      objective.name,
      { new: readIn(accused, objective), legacy: readIn(control, objective) },
    ]),
  );
}

function readIn(arm: Arm, { windowMs }: Objective): Count | null {
  const reading = readingOf(arm, windowMs);
  return reading.kind === 'counts' ? countOf(reading) : null;
}

function countOf({ bad, all }: { readonly bad: number; readonly all: number }): Count {
  return { good: Math.max(0, all - bad), total: all };
}
