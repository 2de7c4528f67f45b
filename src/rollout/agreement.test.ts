import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fact } from '../kernel/facts';
import { FakePlanStore } from '../../test/support/fake-plan-store';
import { documentWith, latchedDocument } from '../../test/support/plans';
import { RolloutBench } from '../../test/support/rollout-bench';
import { isLatched } from './document';
import { PendingFile } from './pending-file';

const kindsOf = (facts: readonly Fact[]): string[] => facts.map(({ kind }) => kind);
const found = (document: ReturnType<typeof documentWith>) => ({ kind: 'found', document }) as const;

/** Two processes on one store, both at 10 %. */
async function two(): Promise<{ store: FakePlanStore; a: RolloutBench; b: RolloutBench }> {
  const store = new FakePlanStore(documentWith({ percentage: 10 }));
  const a = await RolloutBench.following(undefined, { store, replica: 'a' });
  const b = await RolloutBench.following(undefined, { store, replica: 'b', clock: a.clock });
  return { store, a, b };
}

describe('a change that another process has stored', () => {
  test('is followed as soon as it is seen, with its entry, and handed over when it is a rollback', async () => {
    const { store, a, b } = await two();
    a.rollBack();
    await a.settle();
    store.tell(undefined, store.entries.at(-1));
    expect(b.acts).toMatchObject([{ document: { plan: { percentage: 0 } }, handOver: true }]);
    expect(b.changes).toMatchObject([{ entry: { action: 'rollback' }, own: false }]);
    expect(a.changes).toMatchObject([{ entry: { action: 'rollback' }, own: true }]);
  });

  test('is followed once, however often it is seen', async () => {
    const { store, a, b } = await two();
    a.set(20);
    await a.settle();
    for (let poll = 0; poll < 5; poll += 1) store.tell();
    await b.settle();
    expect([a.acts.length, b.acts.length]).toEqual([1, 1]);
  });

  test('refuses a raise that was decided without it, names who made it, and is followed', async () => {
    const { a, b } = await two();
    a.set(20);
    await a.settle();
    b.set(30);
    await b.settle();
    expect(b.results.get('to 30')).toMatchObject({
      code: 'revision.mismatch',
      message: 'the rollout was changed in the meantime: ana made revision 2 (20 %) because "to 20"',
    });
    expect(b.percentage).toBe(20);
  });

  test('goes under a lowering that could not be stored yet', async () => {
    const { store, a, b } = await two();
    store.failing = true;
    b.set(5);
    await b.settle();
    store.failing = false;
    a.set(20);
    await a.settle();
    store.tell();
    expect(b.percentage).toBe(5);
    await b.settle();
    expect(store.document?.plan).toMatchObject({ percentage: 5, revision: 3 });
    store.tell();
    expect(a.percentage).toBe(5);
  });
});

describe('what contradicts what is known', () => {
  test('is looked at again before it is believed, so that a late message changes nothing', async () => {
    const { store, a, b } = await two();
    const before = store.document;
    a.set(20);
    await a.settle();
    store.tell();
    b.facts.length = 0;
    store.tell(before && found(before));
    await b.settle();
    expect([b.percentage, store.document?.plan.percentage, b.facts]).toEqual([20, 20, []]);
  });

  test('leaves the lower of both, written back by one and followed by the other', async () => {
    const { store, a, b } = await two();
    const before = store.document;
    a.set(20);
    await a.settle();
    store.tell();
    store.put(before);
    store.tell();
    await a.settle();
    store.tell();
    await a.settle();
    expect([a.percentage, b.percentage]).toEqual([10, 10]);
    expect(a.rollout.document).toEqual(b.rollout.document);
    expect(store.entries.map(({ action }) => action)).toEqual(['set_percentage', 'reassert']);
    expect([...kindsOf(a.facts), ...kindsOf(b.facts)]).toContain('plan_reasserted');
  });

  test('is 0 %, latched, when the store was emptied', async () => {
    const { store, a, b } = await two();
    store.put(undefined);
    store.tell();
    await a.settle();
    store.tell();
    await a.settle();
    expect([a, b].map(({ percentage, rollout }) => [percentage, isLatched(rollout.document)])).toEqual([
      [0, true],
      [0, true],
    ]);
    expect(a.rollout.document).toEqual(b.rollout.document);
    expect(store.document).toEqual(a.rollout.document);
  });

  test('is waited out when the store does not answer the second question', async () => {
    const { store, a } = await two();
    store.put(undefined);
    const loaded = await store.load();
    store.failing = true;
    store.tell(loaded);
    await a.settle();
    expect([a.percentage, store.entries]).toEqual([10, []]);
  });

  test('changes nothing when it is not to be believed, and is told once', async () => {
    const { store, a } = await two();
    store.spoil('it is garbage');
    for (let poll = 0; poll < 3; poll += 1) store.tell();
    await a.settle();
    expect([a.percentage, kindsOf(a.facts)]).toEqual([10, ['store_refused']]);
    a.set(20);
    await a.settle();
    expect(a.resultOf('to 20')).toBe('store.refused');
  });
});

describe('a write whose answer was lost', () => {
  test('is recognized when it was a lowering', async () => {
    const { store, a } = await two();
    store.manual = true;
    a.rollBack();
    await a.settle();
    store.answer({ lost: true });
    await a.settle();
    expect(a.resultOf('rollback')).toBe('store.unavailable');
    store.tell();
    await a.settle();
    await a.clock.advanceAsync(5_000);
    expect(store.waiting).toBe(0);
    expect(store.entries.map(({ action }) => action)).toEqual(['rollback']);
  });

  test('takes effect when it is seen when it was a raise, and not before', async () => {
    const { store, a } = await two();
    store.manual = true;
    a.set(20);
    await a.settle();
    store.answer({ lost: true });
    await a.settle();
    expect([a.resultOf('to 20'), a.percentage]).toEqual(['store.unavailable', 10]);
    store.tell();
    expect(a.percentage).toBe(20);
  });

  test('is not taken for the next write of the same process', async () => {
    const { store, a } = await two();
    store.manual = true;
    a.set(50);
    await a.settle();
    store.answer({ lost: true });
    await a.settle();
    store.manual = false;
    a.set(5);
    await a.settle();
    expect(store.document?.plan).toMatchObject({ percentage: 5, revision: 3 });
    expect(store.entries.map(({ reason }) => reason)).toEqual(['to 50', 'to 5']);
  });
});

describe('a process that starts while the store is away', () => {
  async function unknowing(
    settings: { seedPercentage?: number; pending?: PendingFile } = {},
  ): Promise<RolloutBench> {
    const store = new FakePlanStore();
    store.failing = true;
    const bench = new RolloutBench({ ...settings, store });
    await bench.rollout.open();
    return bench;
  }

  test('goes by 0 %, says so, and raises nothing', async () => {
    const bench = await unknowing({ seedPercentage: 50 });
    expect([bench.percentage, bench.rollout.store.unknowing]).toEqual([0, true]);
    expect(kindsOf(bench.facts)).toEqual(['store_failed', 'plan_changed']);
    bench.set(10);
    await bench.settle();
    expect(bench.resultOf('to 10')).toBe('store.unavailable');
  });

  test('follows what stands there when it answers, however low or high', async () => {
    const bench = await unknowing();
    bench.store.failing = false;
    bench.store.put(documentWith({ percentage: 25, revision: 9, generation: 3 }));
    bench.store.tell();
    expect([bench.percentage, bench.store.entries]).toEqual([25, []]);
  });

  test('begins a rollout when nothing stands there', async () => {
    const bench = await unknowing({ seedPercentage: 10 });
    bench.store.failing = false;
    bench.store.tell();
    await bench.settle();
    expect(bench.store.document).toMatchObject({ plan: { percentage: 10, revision: 1 } });
    expect(bench.store.entries).toMatchObject([{ action: 'seed' }]);
  });

  test('follows whoever was quicker to begin one', async () => {
    const bench = await unknowing({ seedPercentage: 10 });
    bench.store.failing = false;
    bench.store.manual = true;
    bench.store.tell();
    bench.store.put(documentWith({ percentage: 2 }));
    bench.store.answer();
    await bench.settle();
    expect(bench.percentage).toBe(2);
  });

  test('begins latched, seed or not, when something was there that was not to be believed', async () => {
    const bench = await unknowing({ seedPercentage: 10 });
    bench.store.failing = false;
    bench.store.spoil('it is garbage');
    bench.store.tell();
    bench.store.put(undefined);
    bench.store.tell();
    await bench.settle();
    expect(bench.store.document).toMatchObject({ plan: { percentage: 0 }, automation: { kind: 'latched' } });
  });
});

describe('a lowering that waits for the store', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pointsman-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const pending = (): PendingFile => new PendingFile(join(folder, 'pending.json'), () => {});

  async function rolledBackWhileAway(): Promise<FakePlanStore> {
    const store = new FakePlanStore(documentWith({ percentage: 10 }));
    const bench = await RolloutBench.following(undefined, { store, pending: pending() });
    store.failing = true;
    bench.rollBack('while away');
    await bench.settle();
    // Written to a real disk, which virtual time does not wait for.
    while (!readText().includes('while away')) await bench.settle();
    await bench.rollout.close();
    store.failing = false;
    return store;
  }
  function readText(): string {
    try {
      return readFileSync(join(folder, 'pending.json'), 'utf8');
    } catch {
      return '';
    }
  }

  test('is stored by the same process started again', async () => {
    const store = await rolledBackWhileAway();
    const again = new RolloutBench({ store, pending: pending() });
    await again.rollout.open();
    await again.rollout.stored();
    expect(store.document).toMatchObject({ plan: { percentage: 0 }, automation: { kind: 'latched' } });
    expect(store.entries.map(({ reason }) => reason)).toEqual(['while away']);
    expect(Math.max(...again.acts.map(({ document }) => document.plan.percentage))).toBe(0);
  });

  test('is written down and dropped when the store is a generation ahead', async () => {
    const store = await rolledBackWhileAway();
    store.put(documentWith({ percentage: 20, revision: 7, generation: 3 }));
    const again = new RolloutBench({ store, pending: pending() });
    await again.rollout.open();
    await again.settle();
    expect([again.percentage, store.document?.plan.percentage]).toEqual([20, 20]);
    expect(store.entries).toMatchObject([{ action: 'dropped', reason: 'while away' }]);
    expect(kindsOf(again.facts)).toContain('lowering_dropped');
  });

  test('latches a store that was emptied meanwhile', async () => {
    const store = await rolledBackWhileAway();
    store.put(undefined);
    const again = new RolloutBench({ store, pending: pending(), seedPercentage: 50 });
    await again.rollout.open();
    await again.settle();
    expect(store.document).toMatchObject({ plan: { percentage: 0 }, automation: { kind: 'latched' } });
  });

  test('is reported and left out when its file is damaged', async () => {
    writeFileSync(join(folder, 'pending.json'), '{"format":');
    const facts: Fact[] = [];
    const file = new PendingFile(join(folder, 'pending.json'), (fact) => facts.push(fact));
    const bench = await RolloutBench.following(latchedDocument(), { pending: file });
    expect([bench.percentage, kindsOf(facts)]).toEqual([0, ['pending_unsaved']]);
  });
});

describe('listeners', () => {
  test('that throw harm neither the others nor the change', async () => {
    const { a } = await two();
    const heard: number[] = [];
    a.rollout.onChange(() => {
      throw new Error('a bug');
    });
    const stop = a.rollout.onChange(({ document }) => heard.push(document.plan.percentage));
    a.set(5);
    expect([a.percentage, heard]).toEqual([5, [5]]);
    expect(kindsOf(a.facts)).toContain('listener_failed');
    stop();
    a.set(4);
    expect(heard).toEqual([5]);
  });
});

test('a raise under a lease that has passed on is refused', async () => {
  const { a, b } = await two();
  const raise = (bench: RolloutBench, to: number, token: number) =>
    bench.rollout.apply(
      { kind: 'set_percentage', percentage: to, confirmed: true, by: 'x', reason: 'x' },
      token,
    );
  await raise(a, 11, 5);
  a.store.tell();
  await expect(raise(b, 12, 4)).rejects.toMatchObject({ code: 'revision.mismatch' });
  await raise(b, 12, 5);
  expect(b.percentage).toBe(12);
});
