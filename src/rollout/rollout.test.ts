import { documentWith, latchedDocument } from '../../test/support/plans';
import { RolloutBench } from '../../test/support/rollout-bench';
import { routedOf } from './rollout';

const acted = (bench: RolloutBench): number[] => bench.acts.map(({ document }) => document.plan.percentage);

describe('a lowering', () => {
  test('is in effect before the store has answered, and is stored after', async () => {
    const bench = await RolloutBench.following();
    bench.store.manual = true;
    bench.set(5);
    expect([bench.percentage, acted(bench)]).toEqual([5, [5]]);
    await bench.settle();
    expect(bench.resultOf('to 5')).toBeUndefined();
    bench.store.answer();
    await bench.settle();
    expect(bench.resultOf('to 5')).toBe(5);
    expect(bench.store.document).toEqual(bench.rollout.document);
  });

  test('stays in effect when the store fails, says that it is not stored, and is stored a second later', async () => {
    const bench = await RolloutBench.following();
    bench.store.failing = true;
    bench.rollBack();
    await bench.settle();
    expect(bench.percentage).toBe(0);
    expect(bench.results.get('rollback')).toMatchObject({
      code: 'store.unavailable',
      message:
        'it took effect here but could not be stored yet; storing is tried again every second; the other replicas hear of it when the store answers, so ask each of them for it by its own address',
    });
    expect(bench.facts).toContainEqual({
      kind: 'store_failed',
      operation: 'write',
      cause: 'file',
      message: 'the disk is full',
    });
    bench.store.failing = false;
    await bench.clock.advanceAsync(999);
    expect(bench.store.entries).toEqual([]);
    await bench.clock.advanceAsync(1);
    expect(bench.store.document).toEqual(bench.rollout.document);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  test('keeps trying each second, once a second however many wait, and stores all in their order', async () => {
    const bench = await RolloutBench.following();
    bench.store.failing = true;
    bench.set(8, 'one');
    bench.set(6, 'two');
    bench.set(4, 'three');
    await bench.settle();
    expect(bench.clock.pendingTimers).toBe(1);
    await bench.clock.advanceAsync(5_000);
    const failures = bench.facts.filter(({ kind }) => kind === 'store_failed').length;
    expect(failures).toBe(3 + 5);
    bench.store.failing = false;
    await bench.clock.advanceAsync(1_000);
    expect(bench.store.entries.map(({ reason }) => reason)).toEqual(['one', 'two', 'three']);
    expect(bench.store.document).toEqual(bench.rollout.document);
  });

  test('does not begin a second try while one is on its way', async () => {
    const bench = await RolloutBench.following();
    bench.store.failing = true;
    bench.set(5);
    await bench.settle();
    bench.store.manual = true;
    await bench.clock.advanceAsync(10_000);
    expect([bench.store.waiting, bench.clock.pendingTimers]).toEqual([1, 0]);
  });

  test('is not tried again after close, so that nothing keeps the process alive', async () => {
    const bench = await RolloutBench.following();
    bench.store.manual = true;
    bench.set(5);
    await bench.settle();
    await bench.rollout.close();
    bench.store.answer({ failing: true });
    await bench.settle();
    expect(bench.clock.pendingTimers).toBe(0);
    const waits = await RolloutBench.following();
    waits.store.failing = true;
    waits.set(5);
    await waits.settle();
    await waits.rollout.close();
    expect(waits.clock.pendingTimers).toBe(0);
  });
});

describe.each(['pause', 'freeze'] as const)('a %s', (kind) => {
  const stops = { pause: { automation: { kind: 'paused' } }, freeze: { freeze: { by: 'ana' } } };

  test('is in effect while the store fails, and stored before anything can be raised again', async () => {
    const bench = await RolloutBench.following();
    bench.store.failing = true;
    bench.stop(kind);
    await bench.settle();
    expect(bench.resultOf(kind)).toBe('store.unavailable');
    expect(bench.rollout.document).toMatchObject(stops[kind]);
    bench.store.failing = false;
    bench.set(25);
    await bench.settle();
    expect(bench.store.entries.map(({ action }) => action)[0]).toBe(kind);
    expect(bench.store.document).toMatchObject(stops[kind]);
  });
});

describe('a raise', () => {
  test('is not in effect until it is stored', async () => {
    const bench = await RolloutBench.following();
    bench.store.manual = true;
    bench.set(25);
    await bench.settle();
    expect([bench.percentage, acted(bench)]).toEqual([10, []]);
    bench.store.answer();
    await bench.settle();
    expect([bench.percentage, acted(bench), bench.resultOf('to 25')]).toEqual([25, [25], 25]);
  });

  test('changes nothing when it cannot be stored, and is not tried again behind the caller’s back', async () => {
    const bench = await RolloutBench.following();
    bench.store.failing = true;
    bench.set(25);
    await bench.settle();
    expect(bench.results.get('to 25')).toMatchObject({
      code: 'store.unavailable',
      message: 'the change could not be stored, so nothing was changed: the disk is full',
    });
    bench.store.failing = false;
    await bench.clock.advanceAsync(60_000);
    expect([bench.percentage, acted(bench), bench.store.entries]).toEqual([10, [], []]);
  });

  test('waits for the raise before it and is decided on what that has left', async () => {
    const bench = await RolloutBench.following(documentWith({ percentage: 10 }), { maxStep: 25 });
    bench.store.manual = true;
    bench.set(35, 'first');
    bench.set(60, 'second');
    bench.set(86, 'too far');
    await bench.settle();
    expect(bench.store.waiting).toBe(1);
    bench.store.answer();
    await bench.settle();
    bench.store.answer();
    await bench.settle();
    expect(acted(bench)).toEqual([35, 60]);
    expect(bench.resultOf('too far')).toBe('rollout.confirmation_required');
  });

  test('is refused while an earlier lowering waits to be stored, and stores that first', async () => {
    const bench = await RolloutBench.following();
    bench.store.failing = true;
    bench.set(5);
    await bench.settle();
    bench.set(6);
    await bench.settle();
    expect(bench.resultOf('to 6')).toBe('store.unavailable');
    bench.store.failing = false;
    bench.set(7);
    await bench.settle();
    expect(bench.store.entries.map(({ reason }) => reason)).toEqual(['to 5', 'to 7']);
    expect([bench.percentage, bench.clock.pendingTimers]).toEqual([7, 0]);
  });

  test('is refused when somebody else’s revision stands in the store, which is followed at once', async () => {
    const bench = await RolloutBench.following();
    const other = documentWith({ percentage: 1, revision: 2 });
    bench.store.put(other);
    bench.set(25);
    await bench.settle();
    expect([bench.resultOf('to 25'), bench.percentage]).toEqual(['revision.mismatch', 1]);
    expect(bench.results.get('to 25')).toMatchObject({
      message: 'the rollout was changed in the meantime: ana made revision 2 (1 %) because "start"',
    });
  });
});

describe('a lowering while a raise is on its way to the store', () => {
  test.each([
    ['stored before it', [0, 0, 0]],
    ['stored after it', [1, 0, 0]],
  ])('wins when the raise is %s', async (_order, answers) => {
    const bench = await RolloutBench.following();
    bench.store.manual = true;
    bench.set(50);
    await bench.settle();
    bench.rollBack();
    expect(bench.percentage).toBe(0);
    await bench.settle();
    for (const which of answers) {
      bench.store.answer({ which });
      await bench.settle();
    }
    expect(Math.max(...acted(bench))).toBe(0);
    expect([bench.resultOf('to 50'), bench.resultOf('rollback')]).toEqual(['revision.mismatch', 0]);
    expect(bench.store.document).toEqual(bench.rollout.document);
    expect(bench.rollout.document).toMatchObject({
      plan: { percentage: 0, generation: 2 },
      automation: { kind: 'latched' },
    });
  });

  test('hands over what is in flight once, also when its revision moves above the raise', async () => {
    const bench = await RolloutBench.following();
    bench.store.manual = true;
    bench.set(50);
    await bench.settle();
    bench.rollBack();
    for (let write = 0; write < 3; write += 1) {
      bench.store.answer();
      await bench.settle();
    }
    const made = bench.acts.map(({ document, handOver }) => [document.plan.revision, handOver]);
    expect(made).toEqual([
      [2, true],
      [3, false],
    ]);
    expect(bench.store.entries.map(({ reason, after }) => [reason, after.revision])).toEqual([
      ['to 50', 2],
      ['rollback', 3],
    ]);
  });

  test('also refuses the raises that were asked for before it and still waited for their turn', async () => {
    const bench = await RolloutBench.following();
    bench.store.manual = true;
    bench.set(20);
    bench.set(50);
    await bench.settle();
    bench.set(5);
    bench.store.manual = false;
    bench.store.answer();
    bench.store.answer();
    await bench.settle();
    expect([bench.resultOf('to 20'), bench.resultOf('to 50')]).toEqual([
      'revision.mismatch',
      'revision.mismatch',
    ]);
    expect([bench.percentage, bench.store.document?.plan.percentage]).toEqual([5, 5]);
  });

  test('comes after the raise when it would still be a raise without it', async () => {
    const bench = await RolloutBench.following();
    bench.store.manual = true;
    bench.set(50);
    await bench.settle();
    bench.set(10, 'back to 10');
    bench.store.manual = false;
    bench.store.answer();
    await bench.settle();
    expect(acted(bench)).toEqual([50, 10]);
    expect(bench.store.document).toEqual(bench.rollout.document);
  });
});

describe('Rollout', () => {
  test('changes nothing and stores nothing when it is there already', async () => {
    const bench = await RolloutBench.following(latchedDocument({ generation: 3 }));
    bench.rollBack();
    await bench.settle();
    expect(bench.results.get('rollback')).toEqual({
      document: bench.rollout.document,
      unchanged: 'already at 0 % in generation 3',
    });
    expect([bench.acts, bench.store.entries, bench.facts]).toEqual([[], [], []]);
  });

  test('stamps each change with the time of the clock and reports it', async () => {
    const bench = await RolloutBench.following();
    bench.clock.advance(1_500);
    bench.rollBack();
    await bench.settle();
    expect(bench.rollout.document.plan.setAt).toBe('2026-01-01T00:00:01.500Z');
    expect(bench.facts).toEqual([
      {
        kind: 'plan_changed',
        percentage: 0,
        revision: 2,
        generation: 2,
        setBy: 'guard',
        reason: 'rollback',
        cause: 'rollback',
      },
    ]);
  });

  test('gives the history of the store, newest first', async () => {
    const bench = await RolloutBench.following();
    bench.set(8);
    bench.set(6);
    await bench.settle();
    expect((await bench.rollout.history(1)).map(({ reason }) => reason)).toEqual(['to 6']);
  });

  test('tells routing whether it is latched', () => {
    const latched = latchedDocument();
    expect(routedOf(latched)).toEqual({ plan: latched.plan, latched: true });
    expect(routedOf(documentWith()).latched).toBe(false);
  });
});
