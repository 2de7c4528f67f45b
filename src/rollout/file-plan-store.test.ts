import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentWith, latchedDocument } from '../../test/support/plans';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { auditedState, type AuditEntry, type RolloutDocument } from './document';
import { ManualClock } from '../kernel/manual-clock';
import { FilePlanStore } from './file-plan-store';

const openFile = (path: string, limit: number): FilePlanStore =>
  new FilePlanStore(path, limit, new ManualClock());

/** Written on top of the revision before it. */
function put(store: FilePlanStore, revision: number): ReturnType<FilePlanStore['write']> {
  const expected = revision === 1 ? 'empty' : at(revision - 1);
  return store.write(at(revision), entryFor(at(revision)), { expected });
}

function entryFor(document: RolloutDocument, reason = `revision ${document.plan.revision}`): AuditEntry {
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

const at = (revision: number): RolloutDocument =>
  latchedDocument({
    revision,
    salt: 'säl🚂t',
    pins: { '37962469': 'new', '2de4b5d2': 'legacy' },
    holdback: 33.333,
  });

/** A file that holds revision 3, and its text. */
async function written(folder: string, limit = 10): Promise<{ path: string; text: string }> {
  const path = join(folder, 'rollout.json');
  const store = openFile(path, limit);
  for (const revision of [1, 2, 3]) await put(store, revision);
  return { path, text: readFileSync(path, 'utf8') };
}

/** A file of today's form around any content. */
function wrapped(content: string, format = 'pointsman-rollout/1'): string {
  return JSON.stringify({ format, checksum: createHash('sha256').update(content).digest('hex'), content });
}

describe('FilePlanStore', () => {
  test('gives back exactly what was written, to a process started later', () =>
    inTemporaryFolder(async (folder) => {
      const { path } = await written(folder);
      const store = openFile(path, 10);
      expect(await store.load()).toEqual({ kind: 'found', document: at(3) });
      expect(await store.history(10)).toEqual([at(3), at(2), at(1)].map((document) => entryFor(document)));
    }));

  test('is empty without a file', () =>
    inTemporaryFolder(async (folder) => {
      const store = openFile(join(folder, 'state', 'rollout.json'), 10);
      expect(await store.load()).toEqual({ kind: 'empty' });
      expect(await store.history(10)).toEqual([]);
    }));

  test('makes its folder, and lets nobody else read either', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'state', 'rollout.json');
      expect(await put(openFile(path, 10), 1)).toEqual({ kind: 'written' });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
    }));

  test('gives the history newest first, as many entries as asked for', () =>
    inTemporaryFolder(async (folder) => {
      const { path } = await written(folder);
      const store = openFile(path, 10);
      await store.load();
      expect((await store.history(2)).map(({ reason }) => reason)).toEqual(['revision 3', 'revision 2']);
    }));

  test('keeps no more entries than its limit, the newest', () =>
    inTemporaryFolder(async (folder) => {
      const { path } = await written(folder, 2);
      const store = openFile(path, 2);
      await store.load();
      await put(store, 4);
      expect((await store.history(10)).map(({ reason }) => reason)).toEqual(['revision 4', 'revision 3']);
    }));

  test.each([[2], [5], [1]])(
    'refuses revision %i on top of revision 3, and shows what is there',
    (revision) =>
      inTemporaryFolder(async (folder) => {
        const { path, text } = await written(folder);
        const store = openFile(path, 10);
        await store.load();
        const conflict = { kind: 'conflict', seen: { kind: 'found', document: at(3) } };
        expect(await put(store, revision)).toEqual(conflict);
        expect(readFileSync(path, 'utf8')).toBe(text);
      }),
  );

  test('writes in the order asked for, however many at once', () =>
    inTemporaryFolder(async (folder) => {
      const store = openFile(join(folder, 'rollout.json'), 10);
      const results = await Promise.all([1, 2, 2, 3].map((revision) => put(store, revision)));
      // The third is the second again: it stands there whole.
      expect(results.map(({ kind }) => kind)).toEqual(['written', 'written', 'written', 'written']);
      expect(await store.history(10)).toHaveLength(3);
      expect(await openFile(join(folder, 'rollout.json'), 10).load()).toEqual({
        kind: 'found',
        document: at(3),
      });
    }));
});

describe('a rollout file that is not to be believed', () => {
  const refusalOf = async (path: string): Promise<string> => {
    const loaded = await openFile(path, 10).load();
    return loaded.kind === 'refused' ? loaded.message : `loaded as ${loaded.kind}`;
  };

  test('is refused when it is torn at any byte, and kept aside', () =>
    inTemporaryFolder(async (folder) => {
      const { path, text } = await written(folder, 1);
      const bytes = Buffer.from(text);
      // The last byte is a line end: without it nothing is lost.
      for (let length = 0; length < bytes.length - 1; length += 1) {
        writeFileSync(path, bytes.subarray(0, length));
        const message = await refusalOf(path);
        expect(message).toContain(`${path} is refused: it is not a whole pointsman-rollout/1 file (torn, or`);
        expect(readFileSync(/kept as (.*)$/.exec(message)?.[1] ?? '')).toEqual(bytes.subarray(0, length));
      }
      writeFileSync(path, bytes.subarray(0, -1));
      expect(await openFile(path, 10).load()).toEqual({ kind: 'found', document: at(3) });
    }));

  test('is never believed with any one byte changed, unless it says the same', () =>
    inTemporaryFolder(async (folder) => {
      const { path, text } = await written(folder, 1);
      for (let offset = 0; offset < Buffer.byteLength(text); offset += 1) {
        const bytes = Buffer.from(text);
        bytes[offset] = (bytes[offset] as number) ^ 0x01;
        writeFileSync(path, bytes);
        const loaded = await openFile(path, 10).load();
        expect([
          offset,
          loaded.kind === 'refused' ||
            JSON.stringify(loaded) === JSON.stringify({ kind: 'found', document: at(3) }),
        ]).toEqual([offset, true]);
      }
    }));

  const found = JSON.stringify({ document: documentWith(), history: [] });
  test.each([
    ['an empty file', '', 'torn, or written by another program or version'],
    ['zeros, as a power cut may leave', '\0'.repeat(500), 'torn, or written by another program or version'],
    ['another program’s file', '{"percentage": 50}', 'torn, or written by another program or version'],
    [
      'a newer format',
      wrapped(found, 'pointsman-rollout/2'),
      'torn, or written by another program or version',
    ],
    [
      'one more field',
      `{"more":1,${wrapped(found).slice(1)}`,
      'torn, or written by another program or version',
    ],
    [
      'a checksum that does not fit',
      wrapped(found).replace('\\"percentage\\":0', '\\"percentage\\":9'),
      'its checksum does not fit its content',
    ],
    [
      'a percentage above 100',
      wrapped(found.replace('"percentage":0', '"percentage":101')),
      'its content is not a rollout',
    ],
    [
      'content with a field nobody knows',
      wrapped(found.replace('{', '{"more":1,')),
      'its content is not a rollout',
    ],
    [
      'a pin of something that is no device',
      wrapped(found.replace('"pins":{}', '"pins":{"lamp":"new"}')),
      'its content is not a rollout',
    ],
  ])('is refused for being %s', (_what, text, why) =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'rollout.json');
      writeFileSync(path, text);
      expect(await refusalOf(path)).toContain(why);
    }),
  );

  test('stays where it is until it is replaced, and does not cost the evidence of an earlier one', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'rollout.json');
      for (const text of ['first', 'second', 'second']) {
        writeFileSync(path, text);
        await refusalOf(path);
        expect(readFileSync(path, 'utf8')).toBe(text);
      }
      const kept = readdirSync(folder).filter((name) => name !== 'rollout.json');
      expect(kept.map((name) => readFileSync(join(folder, name), 'utf8')).sort()).toEqual([
        'first',
        'second',
      ]);
    }));
});

describe('a place where no rollout file can be', () => {
  test('is named when writing and when reading, in a sentence', () =>
    inTemporaryFolder(async (folder) => {
      const blocked = join(folder, 'state');
      writeFileSync(blocked, 'a file where a folder should be');
      const path = join(blocked, 'rollout.json');
      const store = openFile(path, 10);
      await expect(put(store, 1)).rejects.toMatchObject({
        code: 'store.unavailable',
        message: expect.stringContaining(`the rollout file ${path} cannot be written: `),
      });
      await expect(openFile(path, 10).load()).rejects.toMatchObject({
        code: 'store.unavailable',
        message: expect.stringContaining(`the rollout file ${path} cannot be read: `),
      });
    }));

  test('does not spoil the writes that come after it', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'rollout.json');
      const store = openFile(path, 10);
      await put(store, 1);
      mkdirSync(`${path}.tmp`);
      await expect(put(store, 2)).rejects.toMatchObject({ code: 'store.unavailable' });
      expect(await openFile(path, 10).load()).toEqual({ kind: 'found', document: at(1) });
      rmdirSync(`${path}.tmp`);
      expect(await put(store, 2)).toEqual({ kind: 'written' });
      expect((await store.history(10)).map(({ reason }) => reason)).toEqual(['revision 2', 'revision 1']);
    }));
});
