import { defaultLadder } from './default-ladder';
import {
  refusedDocument,
  restrained,
  seededDocument,
  unknowingDocument,
  type FirstPlan,
} from './first-document';
import { documentWith } from '../../test/support/plans';

const ORIGIN = { at: '2026-01-01T00:00:00.000Z', writer: 'a#1' };
const first = (seed: Partial<FirstPlan['seed']> = {}): FirstPlan => ({
  holdback: 5,
  ladder: defaultLadder(5),
  seed: { percentage: 0, mirror: false, cohort: [], ...seed },
});

describe('the first document of a rollout', () => {
  test('is at 0 %, in the first stage, and says that the store was empty', () => {
    const { document, entry } = seededDocument(first(), ORIGIN);
    expect(document).toMatchObject({
      plan: {
        percentage: 0,
        holdback: 5,
        revision: 1,
        generation: 1,
        reason: 'the store was empty',
        pins: {},
      },
      automation: { kind: 'manual' },
      position: { stage: defaultLadder(5).stages[0].name },
      writer: 'a#1',
    });
    expect(entry).toMatchObject({ action: 'seed', before: { revision: 0 }, after: { revision: 1 } });
  });

  test('has the seed that was asked for', () => {
    const { document } = seededDocument(
      first({ percentage: 10, mirror: true, cohort: ['37962469'] }),
      ORIGIN,
    );
    expect(document.plan).toMatchObject({
      percentage: 10,
      mirror: { on: true },
      pins: { '37962469': 'new' },
      reason: 'seeded by configuration',
    });
  });

  test('has a salt of its own', () => {
    const salts = [1, 2, 3].map(() => seededDocument(first(), ORIGIN).document.plan.salt);
    expect(new Set(salts).size).toBe(3);
    for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{12}$/);
  });

  test('is latched at 0 %, seed or not, when what was stored is refused', () => {
    const { document, entry } = refusedDocument(first({ percentage: 50 }), ORIGIN, 'the file is torn');
    expect(document).toMatchObject({
      plan: { percentage: 0, reason: 'the file is torn' },
      automation: { kind: 'latched', by: 'pointsman', reason: 'the file is torn' },
    });
    expect(entry).toMatchObject({ action: 'store_refused', after: { automation: 'latched' } });
  });

  test('comes before every stored one while the store has not answered', () => {
    expect(unknowingDocument(first({ percentage: 50 }), ORIGIN).plan).toMatchObject({
      percentage: 0,
      revision: 0,
    });
  });
});

test('what is restrained puts no device on new, and is the same document all the same', () => {
  const document = documentWith({
    percentage: 50,
    revision: 7,
    pins: { '37962469': 'new', '2de4b5d2': 'legacy' },
    mirror: { on: true, percentage: 10 },
  });
  expect(restrained(document)).toMatchObject({
    plan: { percentage: 0, revision: 7, pins: { '2de4b5d2': 'legacy' }, mirror: { on: false } },
    writer: document.writer,
  });
  expect(restrained(document).plan.pins).not.toHaveProperty('37962469');
});
