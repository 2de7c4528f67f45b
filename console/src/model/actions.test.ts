import { ROLES } from '../../../src/kernel/roles';
import { viewWith } from '../../../test/support/rollout-views';
import { ACTIONS, actionsFor, maySee, type ActionName } from './actions';

const latched = viewWith({
  plan: { ...viewWith().plan, percentage: 0 },
  automation: { kind: 'latched', since: '2026-01-03T13:00:00Z', by: 'guard', reason: 'x' },
});
const frozen = viewWith({ freeze: { since: '2026-01-03T13:00:00Z', by: 'ana', reason: 'holidays' } });
const refusal = (view: typeof latched, name: ActionName): string | undefined =>
  actionsFor(view, 'operator').find((action) => action.name === name)?.refusal;

describe('the buttons', () => {
  it.each(ROLES)('are for who may steer alone: %s', (role) => {
    const steers = role === 'operator' || role === 'admin';
    expect(actionsFor(viewWith(), role).map(({ name }) => name)).toEqual(steers ? ACTIONS : []);
    expect(maySee(role)).toBe(steers || role === 'viewer');
  });

  it('say while latched that a release comes first', () => {
    for (const name of ['set', 'promote', 'resume'] as const)
      expect(refusal(latched, name)).toContain('until somebody releases it');
    expect(refusal(latched, 'release')).toBeUndefined();
  });

  it('let a person lower what is latched above nothing', () => {
    const above = viewWith({ automation: latched.automation });
    expect(refusal(above, 'set')).toBeUndefined();
  });

  it('say while frozen that the freeze ends first', () => {
    expect(refusal(frozen, 'promote')).toContain('ends the freeze');
    expect(refusal(frozen, 'freeze')).toBe('Frozen already.');
    expect(refusal(frozen, 'unfreeze')).toBeUndefined();
  });

  it('never keep anybody from rolling back', () => {
    for (const view of [latched, frozen, viewWith()]) expect(refusal(view, 'rollback')).toBeUndefined();
  });

  it('do not offer what is so already', () => {
    expect(refusal(viewWith(), 'resume')).toContain('already');
    expect(refusal(viewWith({ automation: { kind: 'paused' } }), 'pause')).toContain('already');
    expect(refusal(viewWith(), 'release')).toBe('Not latched.');
    expect(refusal(viewWith(), 'unfreeze')).toBe('Not frozen.');
    expect(refusal(viewWith({ stage: { ...viewWith().stage, next: null } }), 'promote')).toContain('end');
  });
});
