import type { Clock } from '../../kernel/clock';
import type { Health, Reader, Reading, ReadRequest, Readings } from '../readings';
import type { CountCells } from './count-cells';
import type { OwnHistory } from './own-history';
import type { Slots } from './slots';

export interface ProcessReaderParts {
  readonly history: OwnHistory;
  readonly cells: CountCells;
  readonly slots: Slots;
  readonly clock: Clock;
}

/** Reads objectives from what this process has counted itself: needs no other server, and knows of no other replica. */
export class ProcessReader implements Reader {
  readonly source = 'process';

  constructor(private readonly parts: ProcessReaderParts) {}

  check(): Promise<Health> {
    this.parts.history.take();
    return Promise.resolve({ kind: 'well', nowMs: this.parts.clock.wallNow() });
  }

  read(request: ReadRequest): Promise<Readings> {
    const { objective, transport, scope } = request;
    const byWindow = new Map(
      request.windowsMs.map((windowMs) => [windowMs, this.reading(request, windowMs)]),
    );
    const query = `this process's own counts of ${objective.name}, ${transport}, generation ${scope}`;
    return Promise.resolve({ kind: 'read', byWindow, query });
  }

  private reading({ objective, transport, scope, endMs }: ReadRequest, windowMs: number): Reading {
    const { cells, slots, clock } = this.parts;
    const toMs = endMs ?? clock.wallNow() + 1;
    const positions = {
      bad: slots.at(objective.name, transport, 'bad'),
      all: slots.at(objective.name, transport, 'all'),
    };
    const { bad, all, observedMs } = cells.sum(positions, scope, { fromMs: toMs - windowMs, toMs });
    if (observedMs <= 0 && all <= 0) return { kind: 'no_data', why: 'this process was not there to count' };
    return { kind: 'counts', bad: Math.min(bad, all), all, coverage: Math.min(1, observedMs / windowMs) };
  }
}
