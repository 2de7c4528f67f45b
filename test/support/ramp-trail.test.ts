import type { AuditEntry } from '../../src/rollout/document';
import { breachesOf } from './ramp-trail';

const STATE = {
  percentage: 10,
  holdback: 5,
  mirror: 0,
  pins: 0,
  revision: 4,
  generation: 2,
  automation: 'armed',
  stage: 'canary-10',
} as const;

function entry(over: Partial<AuditEntry>, before: object = {}, after: object = {}): AuditEntry {
  return {
    at: '2026-03-01T10:00:00.000Z',
    by: 'pointsman',
    action: 'promote',
    reason: 'every gate is open',
    before: { ...STATE, ...before },
    after: { ...STATE, revision: 5, percentage: 25, ...after },
    evidence: {},
    ...over,
  };
}

describe('an audit trail', () => {
  test('of a step that keeps the promises has no breach', () => {
    expect(breachesOf([entry({})])).toEqual([]);
  });

  test.each<[string, AuditEntry[], RegExp]>([
    ['without a reason', [entry({ reason: '' })], /no reason/],
    ['that leaves out a revision', [entry({}, {}, { revision: 6 })], /follows revision 4/],
    ['whose generation falls', [entry({}, {}, { generation: 1 })], /generation 2 → 1/],
    ['of a raise while latched', [entry({}, { automation: 'latched' })], /while latched/],
    ['of a raise by the program while paused', [entry({}, { automation: 'paused' })], /while paused/],
    ['that holds one step twice', [entry({}), entry({})], /does not begin where/],
    [
      'of a raise while frozen',
      [
        entry({ action: 'freeze' }, {}, { percentage: 10 }),
        entry({ by: 'ben', action: 'set_percentage' }, { revision: 5 }, { revision: 6 }),
      ],
      /while frozen/,
    ],
  ])('%s is told of', (_what, trail, fault) => {
    expect(breachesOf(trail).join('; ')).toMatch(fault);
  });
});
