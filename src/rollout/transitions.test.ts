import { documentWith } from '../../test/support/plans';
import { auditedState, type AuditEntry } from './document';
import { Transitions } from './transitions';

function entryOf(revision: number): AuditEntry {
  const after = auditedState(documentWith({ revision }));
  const at = `2026-01-01T00:00:0${revision}.000Z`;
  return { at, by: 'ana', action: 'set_percentage', reason: '', before: after, after, evidence: {} };
}

const seen = (revision: number, withEntry = true) => ({
  document: documentWith({ revision }),
  entry: withEntry ? entryOf(revision) : undefined,
});

class Bench {
  readonly told: number[] = [];
  /** Oldest first. */
  trail: AuditEntry[] | 'away' = [];
  readonly transitions = new Transitions(1, {
    history: () =>
      this.trail === 'away'
        ? Promise.reject(new Error('the store does not answer'))
        : Promise.resolve([...this.trail].reverse()),
    tell: ({ after }) => this.told.push(after.revision),
    lookBack: 10,
  });

  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

describe('transitions', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  test('are handed on as they come, without asking anybody', () => {
    for (const revision of [2, 3, 4]) bench.transitions.changed(seen(revision));
    expect(bench.told).toEqual([2, 3, 4]);
  });

  test('whose message was lost are found in the history, in order', async () => {
    bench.trail = [2, 3, 4, 5].map(entryOf);
    bench.transitions.changed(seen(2));
    bench.transitions.changed(seen(5));
    await bench.settle();
    expect(bench.told).toEqual([2, 3, 4, 5]);
  });

  test('of which only the document is known are found in the history', async () => {
    bench.trail = [2, 3].map(entryOf);
    bench.transitions.changed(seen(3, false));
    bench.transitions.changed(seen(3, false));
    await bench.settle();
    bench.transitions.changed(seen(3, false));
    await bench.settle();
    expect(bench.told).toEqual([2, 3]);
  });

  test('that come while the history is read lose nothing and keep their order', async () => {
    bench.trail = [2, 3].map(entryOf);
    bench.transitions.changed(seen(3));
    bench.transitions.changed(seen(4));
    await bench.settle();
    bench.transitions.changed(seen(5));
    expect(bench.told).toEqual([2, 3, 4, 5]);
  });

  test('are handed on as far as they are in hand when the history is away', async () => {
    bench.trail = 'away';
    bench.transitions.changed(seen(4));
    await bench.settle();
    bench.transitions.changed(seen(5));
    expect(bench.told).toEqual([4, 5]);
  });

  test('under a lower revision, after a store was lost, are handed on too', () => {
    bench.transitions.changed(seen(2));
    bench.transitions.changed(seen(1));
    expect(bench.told).toEqual([2, 1]);
  });
});
