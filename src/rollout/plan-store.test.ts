import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakePlanStore } from '../../test/support/fake-plan-store';
import { planStorePromises, type OpenStore } from '../../test/support/plan-store-contract';
import { ManualClock } from '../kernel/manual-clock';
import { FilePlanStore } from './file-plan-store';

describe('a rollout kept in a file', () => {
  let folder: string;
  let last: FilePlanStore | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pointsman-'));
    last = undefined;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const openStore: OpenStore = async (historyLimit = 100) => {
    await last?.close();
    last = new FilePlanStore(join(folder, 'rollout.json'), historyLimit, new ManualClock());
    await last.load();
    return last;
  };
  test.each(planStorePromises())('$name', ({ expectIt }) => expectIt(openStore));
});

describe('a rollout kept in the memory of a test', () => {
  let store: FakePlanStore | undefined;
  beforeEach(() => (store = undefined));

  const openStore: OpenStore = (historyLimit) => (store ??= new FakePlanStore(undefined, historyLimit));
  test.each(planStorePromises())('$name', ({ expectIt }) => expectIt(openStore));
});
