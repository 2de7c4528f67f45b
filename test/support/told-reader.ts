import type { TransportName } from '../../src/kernel/words';
import type { Health, Reader, Reading, ReadRequest, Readings, Scope } from '../../src/slo/readings';

export interface Told {
  readonly bad: number;
  readonly all: number;
  readonly coverage?: number;
}

/** A reader that says what it is told; the same of every window. */
export class ToldReader implements Reader {
  readonly source = 'prometheus';
  health: Health = { kind: 'well', nowMs: Date.UTC(2026, 10, 20, 12) };
  readonly asked: ReadRequest[] = [];
  private readonly told = new Map<TransportName, (windowMs: number) => Told | undefined>();
  private readonly days = new Map<number, Told>();

  says(transport: TransportName, told: Told | undefined): this {
    return this.saysOfWindow(transport, () => told);
  }

  saysOfWindow(transport: TransportName, told: (windowMs: number) => Told | undefined): this {
    this.told.set(transport, told);
    return this;
  }

  saysOfDay(endMs: number, told: Told): this {
    this.days.set(endMs, told);
    return this;
  }

  check(): Promise<Health> {
    return Promise.resolve(this.health);
  }

  read(request: ReadRequest): Promise<Readings> {
    this.asked.push(request);
    const toldOf = (windowMs: number): Told | undefined =>
      request.endMs === undefined
        ? this.told.get(request.transport)?.(windowMs)
        : this.days.get(request.endMs);
    const byWindow = new Map(request.windowsMs.map((windowMs) => [windowMs, readingOf(toldOf(windowMs))]));
    return Promise.resolve({ kind: 'read', byWindow, query: queryOf(request.transport, request.scope) });
  }
}

function readingOf(told: Told | undefined): Reading {
  return told ? { kind: 'counts', coverage: 1, ...told } : { kind: 'no_data', why: 'no series' };
}

function queryOf(transport: TransportName, scope: Scope): string {
  return `events of ${transport} in ${scope}`;
}
