import { judgementWith, verdictWith } from '../../test/support/judgements';
import { documentWith, STAMP } from '../../test/support/plans';
import { defaultLadder } from './default-ladder';
import type { RolloutDocument } from './document';
import { judgeRemoval, type LegacyDay, type RemovalFacts } from './legacy-removal';

const NOW = Date.UTC(2026, 0, 10);
const DAY = 86_400_000;
const AT = new Date(NOW).toISOString();
const top = documentWith({ percentage: 100 });
const lastDrill = { at: new Date(NOW - 5 * DAY).toISOString(), seconds: 2 };
const document: RolloutDocument = {
  ...top,
  position: { ...top.position, stage: 'removal-ready', lastDrill },
};
const day = (over: Partial<LegacyDay> = {}): LegacyDay => ({
  day: '2026-01-03',
  commands: 0,
  coverage: 1,
  ...over,
});

/** Everything that removal wants, but for what `over` says. */
function factsWith(over: Partial<RemovalFacts> = {}): RemovalFacts {
  return {
    document,
    ladder: defaultLadder(),
    judgement: judgementWith({ at: AT }),
    use: { of: 'all', days: [day(), day({ day: '2026-01-10' })] },
    fleet: { known: 100, devices: 100, spoken: 100, absent: 0, sampled: 1, replicas: 3, missing: [] },
    nowMs: NOW,
    ...over,
  };
}

const planned = (over: Partial<RolloutDocument['plan']>): Partial<RemovalFacts> => ({
  document: { ...document, plan: { ...document.plan, ...over } },
});
const placed = (over: Partial<RolloutDocument['position']>): Partial<RemovalFacts> => ({
  document: { ...document, position: { ...document.position, ...over } },
});
const fleet = factsWith().fleet;
const judged = (...verdicts: Parameters<typeof verdictWith>): Partial<RemovalFacts> => ({
  judgement: judgementWith({ at: AT, objectives: verdicts.map(verdictWith) }),
});

describe('whether legacy may be removed', () => {
  it('is yes when every item says yes, and then nothing is to do', () => {
    const { answer, items } = judgeRemoval(factsWith());
    expect(answer).toBe('yes');
    expect(items.map((item) => [item.answer, item.todo])).toEqual(items.map(() => ['yes', null]));
    expect(items).toHaveLength(8);
  });

  it('says of how many replicas it knows that nobody was left behind', () => {
    const behind = (over: Partial<RemovalFacts>) =>
      judgeRemoval(factsWith(over)).items.find(({ name }) => name === 'no device left behind')?.finding;
    expect(behind({})).toBe('all 100 devices that 3 replicas know have been heard of since they moved');
    expect(behind({ fleet: { ...fleet, replicas: 1 } })).toBe(
      'all 100 devices have been heard of since they moved',
    );
  });

  it.each<[string, Partial<RemovalFacts>, string, 'no' | 'unknown', RegExp]>([
    [
      'the ladder is not climbed',
      placed({ stage: 'validation' }),
      'validation passed',
      'no',
      /stage 8 of 10/,
    ],
    [
      'it is latched',
      { document: { ...document, automation: { kind: 'latched', ...STAMP } } },
      'everything on the new transport',
      'no',
      /latched/,
    ],
    ['some are held back', planned({ holdback: 5 }), 'holdback released', 'no', /5 %/],
    ['one is pinned', planned({ pins: { '00000001': 'legacy' } }), 'no pins to legacy', 'no', /00000001/],
    [
      'legacy was used',
      { use: { of: 'all', days: [day({ commands: 1204 }), day()] } },
      'no legacy traffic',
      'no',
      /1,204 commands .* last ones on 2026-01-03/,
    ],
    [
      'legacy was used by this replica, whatever others did',
      { use: { of: 'this replica', days: [day({ commands: 1 })] } },
      'no legacy traffic',
      'no',
      /1 commands/,
    ],
    [
      'a day was not measured',
      { use: { of: 'all', days: [day({ commands: undefined, coverage: 0 }), day()] } },
      'no legacy traffic',
      'unknown',
      /1 of 2 days were not measured whole/,
    ],
    [
      'a day was measured in part',
      { use: { of: 'all', days: [day({ coverage: 0.5 })] } },
      'no legacy traffic',
      'unknown',
      /not measured whole/,
    ],
    [
      'only this replica knows its own',
      { use: { of: 'this replica', days: [day()] } },
      'no legacy traffic',
      'unknown',
      /what others did/,
    ],
    [
      'nobody counts commands',
      { use: { of: 'all', days: [] } },
      'no legacy traffic',
      'unknown',
      /no objective/,
    ],
    [
      'a device is silent since it moved',
      { fleet: { ...fleet, spoken: 99 } },
      'no device left behind',
      'no',
      /1 device not heard of/,
    ],
    [
      'a device has not dialled in since the start',
      { fleet: { ...fleet, absent: 3 } },
      'no device left behind',
      'unknown',
      /3 devices dialled in once/,
    ],
    [
      'another replica has told nothing of its devices',
      { fleet: { ...fleet, missing: ['web-2'] } },
      'no device left behind',
      'unknown',
      /which devices web-2 has heard of/,
    ],
    [
      'the fleet is too large to be looked at whole',
      { fleet: { ...fleet, sampled: 1 / 4 } },
      'no device left behind',
      'unknown',
      /one device in 4/,
    ],
    [
      'no device is known',
      { fleet: { ...fleet, known: 0, devices: 0, spoken: 0 } },
      'no device left behind',
      'unknown',
      /no device is known/,
    ],
    [
      'an objective fails',
      judged({ verdict: 'fail', why: 'it burns' }),
      'objectives and budgets',
      'no',
      /it burns/,
    ],
    [
      'a budget is overspent',
      judged({ budgetLeftWhole: -0.5 }),
      'objectives and budgets',
      'no',
      /-50 % of its/,
    ],
    ['evidence is missing', judged({ verdict: 'insufficient' }), 'objectives and budgets', 'unknown', /bad/],
    [
      'nothing was judged',
      { judgement: undefined },
      'objectives and budgets',
      'unknown',
      /nothing was judged/,
    ],
    [
      'the judgement is old',
      { judgement: judgementWith({ at: '2026-01-01T00:00:00.000Z' }) },
      'objectives and budgets',
      'unknown',
      /lately/,
    ],
    ['nobody rehearsed', placed({ lastDrill: null }), 'rollback rehearsed', 'no', /no rehearsal/],
    [
      'the rehearsal is old',
      placed({ lastDrill: { at: '2025-11-01T00:00:00.000Z', seconds: 2 } }),
      'rollback rehearsed',
      'no',
      /more than 30 days/,
    ],
  ])('is not yes when %s', (_when, over, name, answer, finding) => {
    const removal = judgeRemoval(factsWith(over));
    const open = removal.items.filter((item) => item.answer !== 'yes');
    expect(open).toMatchObject([{ name, answer, todo: expect.any(String) }]);
    expect(open[0]?.finding).toMatch(finding);
    expect(removal.answer).toBe(answer);
  });

  it('is no below 100 %, where the ladder is not climbed either', () => {
    const { items } = judgeRemoval(factsWith(planned({ percentage: 90 })));
    const open = items.filter((item) => item.answer !== 'yes');
    expect(open.map(({ finding }) => finding)).toEqual([
      'the rollout stands in canary-90, stage 6 of 10',
      'the percentage is 90',
    ]);
  });

  it('is no as soon as one item says no, whatever is not known', () => {
    expect(judgeRemoval(factsWith({ ...planned({ holdback: 5 }), judgement: undefined })).answer).toBe('no');
  });

  it('takes no notice of objectives that are only observed', () => {
    const observed = { verdict: 'fail' as const, observeOnly: true as const };
    const judgement = judgementWith({ at: AT, objectives: [verdictWith(), verdictWith(observed)] });
    expect(judgeRemoval(factsWith({ judgement })).answer).toBe('yes');
  });
});
