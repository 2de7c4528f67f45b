import { holdsOf } from './guard-holds';

const RAMP = { percentage: 25, holdback: 5 };

describe('what the guard holds back', () => {
  it.each(['no_control', 'no_data'] as const)('a promotion while it sees nothing: %s', (state) => {
    expect(holdsOf({ state }, RAMP)).toEqual([{ rule: 'guard', why: expect.any(String) as string }]);
  });

  it.each(['off', 'watching', 'no_canary', 'tripped'] as const)('nothing while it is %s', (state) => {
    expect(holdsOf({ state }, RAMP)).toEqual([]);
  });

  it('nothing for want of a control that the plan does not leave: the end of the ladder must be reachable', () => {
    expect(holdsOf({ state: 'no_control' }, { percentage: 100, holdback: 0 })).toEqual([]);
    expect(holdsOf({ state: 'no_control' }, { percentage: 100, holdback: 5 })).toHaveLength(1);
    expect(holdsOf({ state: 'no_data' }, { percentage: 100, holdback: 0 })).toHaveLength(1);
  });
});
