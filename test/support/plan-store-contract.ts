import { auditedState, type AuditEntry, type RolloutDocument } from '../../src/rollout/document';
import type { Expected, PlanStore, Written } from '../../src/rollout/plan-store';
import { latchedDocument } from './plans';

/** Opens the store under test; all that are opened in one test see the same content. */
export type OpenStore = (historyLimit?: number) => PlanStore | Promise<PlanStore>;

export function revisionBy(writer: string, revision: number, generation = 1): RolloutDocument {
  const plan = {
    revision,
    generation,
    salt: 'säl🚂t',
    holdback: 33.333,
    pins: { '37962469': 'new' as const },
  };
  return { ...latchedDocument(plan), writer };
}

export function entryOf(
  document: RolloutDocument,
  reason = `revision ${document.plan.revision}`,
): AuditEntry {
  const state = auditedState(document);
  const evidence = { failures: 12, nested: { text: 'säl🚂t' } };
  return {
    at: document.plan.setAt,
    by: 'ana',
    action: 'rollback',
    reason,
    before: state,
    after: state,
    evidence,
  };
}

export function write(store: PlanStore, document: RolloutDocument, expected: Expected): Promise<Written> {
  return store.write(document, entryOf(document), { expected });
}

const first = revisionBy('a', 1);
const second = revisionBy('a', 2);
const FOUND_FIRST = { kind: 'conflict', seen: { kind: 'found', document: first } };

async function reasonsOf(store: PlanStore, limit = 10): Promise<string[]> {
  return (await store.history(limit)).map(({ reason }) => reason);
}

interface PlanStorePromise {
  readonly name: string;
  readonly expectIt: (open: OpenStore) => Promise<void>;
}

/** What holds for every store of the rollout. */
export function planStorePromises(): readonly PlanStorePromise[] {
  const promises: PlanStorePromise[] = [];
  const promise = (name: string, expectIt: PlanStorePromise['expectIt']): void => {
    promises.push({ name, expectIt });
  };

  promise('is empty before anything was written', async (open) => {
    const store = await open();
    expect([await store.load(), await store.history(10)]).toEqual([{ kind: 'empty' }, []]);
  });

  promise(
    'gives back exactly what was written, with the entry that came with it, to who opens it later',
    async (open) => {
      expect(await write(await open(), first, 'empty')).toEqual({ kind: 'written' });
      const later = await open();
      expect(await later.load()).toEqual({ kind: 'found', document: first });
      expect(await later.history(10)).toEqual([entryOf(first)]);
    },
  );

  for (const [what, made] of [
    ['another revision', revisionBy('a', 2)],
    ['another generation', revisionBy('a', 1, 2)],
    ['another writer', revisionBy('b', 1)],
    ['nothing', 'empty'],
  ] as const)
    promise(
      `takes no change that was made from ${what}, shows what is there, and keeps no entry of it`,
      async (open) => {
        const store = await open();
        await write(store, first, 'empty');
        expect(await write(store, second, made)).toEqual(FOUND_FIRST);
        expect(await store.load()).toEqual({ kind: 'found', document: first });
        expect(await reasonsOf(store)).toEqual(['revision 1']);
      },
    );

  promise('takes no change of something where there is nothing', async (open) => {
    const store = await open();
    expect(await write(store, second, first)).toEqual({ kind: 'conflict', seen: { kind: 'empty' } });
  });

  promise('says that it is written when it is written a second time, with one entry', async (open) => {
    const store = await open();
    await write(store, first, 'empty');
    await write(store, second, first);
    expect(await write(store, second, first)).toEqual({ kind: 'written' });
    expect(await reasonsOf(store)).toEqual(['revision 2', 'revision 1']);
  });

  promise(
    'gives as many entries as asked for, and keeps no more than its limit, newest first',
    async (open) => {
      const store = await open(3);
      let expected: Expected = 'empty';
      for (const revision of [1, 2, 3, 4]) {
        const document = revisionBy('a', revision);
        await write(store, document, expected);
        expected = document;
      }
      expect(await reasonsOf(store, 2)).toEqual(['revision 4', 'revision 3']);
      expect(await reasonsOf(store)).toEqual(['revision 4', 'revision 3', 'revision 2']);
    },
  );

  promise('records what changed nothing', async (open) => {
    const store = await open();
    await write(store, first, 'empty');
    await store.record(entryOf(first, 'too late'));
    expect(await store.load()).toEqual({ kind: 'found', document: first });
    expect(await reasonsOf(store)).toEqual(['too late', 'revision 1']);
  });

  promise('takes one of many changes that were made from the same document', async (open) => {
    const store = await open();
    await write(store, first, 'empty');
    const made = Array.from({ length: 20 }, (_, number) => revisionBy(`writer ${number}`, 2));
    const results = await Promise.all(made.map((document) => write(store, document, first)));
    expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(1);
    expect(await reasonsOf(store)).toEqual(['revision 2', 'revision 1']);
  });

  promise(
    'takes no change under an older lease than one that it has seen, but one under none',
    async (open) => {
      const store = await open();
      await store.write(first, entryOf(first), { expected: 'empty', fencingToken: 7 });
      expect(await store.write(second, entryOf(second), { expected: first, fencingToken: 6 })).toEqual(
        FOUND_FIRST,
      );
      expect(await store.write(second, entryOf(second), { expected: first })).toEqual({ kind: 'written' });
      const third = revisionBy('a', 3);
      expect(await store.write(third, entryOf(third), { expected: second, fencingToken: 7 })).toEqual({
        kind: 'written',
      });
    },
  );

  promise('lets one caller claim a thing', async (open) => {
    const store = await open();
    const claims = await Promise.all([1, 2, 3].map(() => store.claim('news of revision 3', 60_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.claim('news of revision 4', 60_000)).toBe(true);
  });

  return promises;
}
