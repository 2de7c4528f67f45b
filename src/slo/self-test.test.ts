import { DEFAULT_OBJECTIVES, type Objective } from './objectives';
import { selfTest } from './self-test';

const [success] = DEFAULT_OBJECTIVES as [Objective];

describe('the self-test', () => {
  test('finds nothing in the code that judges the default objectives', async () => {
    expect(await selfTest(DEFAULT_OBJECTIVES)).toEqual([]);
  });

  test('holds for an objective that only observes too', async () => {
    expect(await selfTest([{ ...success, observeOnly: true }])).toEqual([]);
  });

  test('says what comes out wrong when objectives cannot be judged', async () => {
    const findings = await selfTest([{ ...success, budgetPpm: NaN }]);
    expect(findings).toContainEqual(
      expect.stringContaining('a transport whose devices all fail: the verdict is'),
    );
  });

  test('notices an objective whose metrics nobody counts', async () => {
    const findings = await selfTest([{ ...success, all: [{ metric: 'renamed_total', where: {} }] }]);
    expect(findings).toEqual(['a counter that began again: counted 0,0,0, not 160,100,60']);
  });
});
