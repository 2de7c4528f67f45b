import { defaultLadder } from '../../rollout/default-ladder';
import { moveOf } from './move';

describe('moveOf', () => {
  const ladder = defaultLadder(5);

  it('names the first stage whose percentage is above the bucket', () => {
    expect(moveOf({ cohort: 24_999, holdback: 50_000 }, ladder, 1)).toEqual({
      stage: 'canary-25',
      index: 3,
      of: ladder.stages.length,
      percentage: 25,
      holdback: 5,
      state: 'ahead',
    });
    expect(moveOf({ cohort: 25_000, holdback: 50_000 }, ladder, 1)?.stage).toBe('canary-50');
  });

  it('says that a device has moved already, or moves with the present stage', () => {
    expect(moveOf({ cohort: 0, holdback: 50_000 }, ladder, 2)?.state).toBe('done');
    expect(moveOf({ cohort: 0, holdback: 50_000 }, ladder, 1)?.state).toBe('current');
  });

  it('keeps a device that is held back until the holdback is released', () => {
    expect(moveOf({ cohort: 0, holdback: 4_999 }, ladder, 1)?.stage).toBe('holdback-released');
    expect(moveOf({ cohort: 0, holdback: 5_000 }, ladder, 1)?.stage).toBe('canary-10');
  });

  it('knows no stage when the ladder never gets there', () => {
    const [first, second] = defaultLadder(5).stages;
    expect(
      moveOf(
        { cohort: 99_999, holdback: 50_000 },
        { freezes: [], stages: [first, second as typeof first] },
        0,
      ),
    ).toBeNull();
  });
});
