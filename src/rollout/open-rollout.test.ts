import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact } from '../kernel/facts';
import { ManualClock } from '../kernel/manual-clock';
import { FakePlanStore } from '../../test/support/fake-plan-store';
import { documentWith } from '../../test/support/plans';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { FilePlanStore } from './file-plan-store';
import { openRollout, type FirstPlan } from './open-rollout';
import type { PlanStore } from './plan-store';

const FIRST: FirstPlan = { holdback: 5, seedPercentage: 0 };

async function open(store: PlanStore, first = FIRST) {
  const facts: Fact[] = [];
  const clock = new ManualClock();
  const document = await openRollout({ store, clock, observe: (fact) => facts.push(fact), first });
  return { document, facts };
}

describe('openRollout', () => {
  test('goes on with what is stored, and asks for no seed then', async () => {
    const stored = documentWith({ percentage: 25, revision: 8 });
    const store = new FakePlanStore(stored);
    expect((await open(store, { ...FIRST, seedPercentage: 10 })).document).toBe(stored);
    expect(store.entries).toEqual([]);
  });

  test('begins at 0 % with an empty store, and writes that down', async () => {
    const store = new FakePlanStore();
    const { document, facts } = await open(store);
    expect(document).toMatchObject({
      plan: {
        percentage: 0,
        holdback: 5,
        revision: 1,
        generation: 1,
        reason: 'the store was empty',
        setAt: '2026-01-01T00:00:00.000Z',
      },
      automation: { kind: 'manual' },
    });
    expect([store.document, facts]).toEqual([document, []]);
    expect(store.entries).toMatchObject([
      {
        action: 'seed',
        by: 'pointsman',
        before: { percentage: 0, revision: 0 },
        after: { percentage: 0, revision: 1 },
      },
    ]);
  });

  test('begins with the seed that was asked for', async () => {
    const { document } = await open(new FakePlanStore(), { holdback: 2, seedPercentage: 10 });
    expect(document.plan).toMatchObject({ percentage: 10, holdback: 2, reason: 'seeded by configuration' });
  });

  test('gives each rollout a salt of its own', async () => {
    const salts = await Promise.all(
      [1, 2, 3].map(async () => (await open(new FakePlanStore())).document.plan.salt),
    );
    expect(new Set(salts).size).toBe(3);
    for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{12}$/);
  });

  test('is latched at 0 %, seed or not, when what is stored is refused, and reports it', async () => {
    const store = new FakePlanStore();
    store.loaded = { kind: 'refused', message: 'the file is torn' };
    const { document, facts } = await open(store, { ...FIRST, seedPercentage: 50 });
    expect(document).toMatchObject({
      plan: { percentage: 0, reason: 'the file is torn' },
      automation: { kind: 'latched', by: 'pointsman', reason: 'the file is torn' },
    });
    expect(facts).toEqual([{ kind: 'store_failed', operation: 'read', message: 'the file is torn' }]);
    expect(store.entries).toMatchObject([{ action: 'store_refused', after: { automation: 'latched' } }]);
  });

  test('stays latched over a restart after a torn file', () =>
    inTemporaryFolder(async (folder) => {
      const path = join(folder, 'rollout.json');
      writeFileSync(path, '{"format":"pointsman-rollout/1","checks');
      const { document } = await open(new FilePlanStore(path, 10), { ...FIRST, seedPercentage: 50 });
      expect(document.automation.kind).toBe('latched');
      const again = await open(new FilePlanStore(path, 10), { ...FIRST, seedPercentage: 50 });
      expect(again.document).toEqual(document);
    }));
});
