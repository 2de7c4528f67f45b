import type { Fact, Observe } from '../../src/kernel/facts';

/** Keeps every fact that it is told, in order. */
export class RecordedFacts {
  readonly all: Fact[] = [];

  readonly observe: Observe = (fact) => {
    this.all.push(fact);
  };

  /** The facts of one kind. */
  of<Kind extends Fact['kind']>(kind: Kind): Extract<Fact, { kind: Kind }>[] {
    return this.all.filter((fact): fact is Extract<Fact, { kind: Kind }> => fact.kind === kind);
  }

  /** Why links ended, in order. */
  endReasons(): string[] {
    return this.of('link_ended').map(({ reason }) => reason);
  }

  clear(): void {
    this.all.length = 0;
  }
}
