import { join } from 'node:path';
import { systemClock } from '../../src/kernel/clock';
import { randomInteger, seededRandom } from '../../src/kernel/random';
import { FilePlanStore } from '../../src/rollout/file-plan-store';
import { compileInto, readLines, startChild } from '../support/child-program';
import { documentWith } from '../support/plans';
import { inTemporaryFolder } from '../support/temporary-folder';

const SEED = 20_261_120;
const ROUNDS = 10;
const HISTORY = 50;

/** Goes on from what the file holds, revision after revision, and prints each when the store says it is written. */
const WRITER = `
  const { FilePlanStore } = require('./rollout/file-plan-store');
  const { auditedState } = require('./rollout/document');
  const { systemClock } = require('./kernel/clock');
  const path = process.argv[2];
  const first = JSON.parse(process.argv[3]);
  async function main() {
    const store = new FilePlanStore(path, ${HISTORY}, systemClock);
    const loaded = await store.load();
    if (loaded.kind === 'refused') throw new Error(loaded.message);
    let document = loaded.kind === 'found' ? loaded.document : first;
    for (;;) {
      const plan = { ...document.plan, revision: document.plan.revision + 1 };
      const next = { ...document, plan };
      const entry = {
        at: plan.setAt, by: 'child', action: 'set_percentage', reason: 'revision ' + plan.revision,
        before: auditedState(document), after: auditedState(next), evidence: {},
      };
      const expected = loaded.kind === 'empty' && document === first ? 'empty' : document;
      const { kind } = await store.write(next, entry, { expected });
      if (kind !== 'written') throw new Error(kind);
      document = next;
      process.stdout.write(plan.revision + '\\n');
    }
  }
  main();
`;

/** Kills a writer after so many acknowledged revisions, wherever in the next it is, and gives the last of them. */
async function killAfter(writes: number, folder: string, path: string): Promise<number> {
  const child = startChild(folder, WRITER, [path, JSON.stringify(documentWith({ percentage: 10 }))]);
  let acknowledged = 0;
  let seen = 0;
  const errors = await readLines(child, (line) => {
    acknowledged = Number(line);
    seen += 1;
    if (seen === writes) child.kill('SIGKILL');
  });
  expect([errors, child.signalCode]).toEqual(['', 'SIGKILL']);
  return acknowledged;
}

describe('a process that is killed while it writes plan after plan', () => {
  test(`leaves a whole file with all that it acknowledged, ${ROUNDS} times in a row (seed ${SEED})`, () =>
    inTemporaryFolder(async (folder) => {
      compileInto(folder, ['kernel', 'routing', 'rollout']);
      const random = seededRandom(SEED);
      const path = join(folder, 'state', 'rollout.json');
      for (let round = 0; round < ROUNDS; round += 1) {
        const acknowledged = await killAfter(randomInteger(random, 1, 60), folder, path);
        const store = new FilePlanStore(path, HISTORY, systemClock);
        const loaded = await store.load();
        const revision = loaded.kind === 'found' ? loaded.document.plan.revision : undefined;
        // The write on its way may have been done without anybody hearing of it.
        expect([acknowledged, acknowledged + 1]).toContain(revision);
        const [newest] = await store.history(1);
        expect(newest?.after.revision).toBe(revision);
      }
    }));
});
