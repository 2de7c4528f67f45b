import { documentWith } from '../../../test/support/plans';
import { ManualClock } from '../../kernel/manual-clock';
import type { Wished } from '../../rollout/rollout';
import { RaiseLimit } from './raise-limit';

const SETTINGS = { raisesPerSecond: 2, raiseBurst: 3, callers: 100 };
const document = documentWith({ percentage: 10, holdback: 5 });
const about = { by: 'ana', reason: 'why', confirmed: true };
const raise: Wished = { kind: 'set_percentage', percentage: 11, ...about };

describe('RaiseLimit', () => {
  let clock: ManualClock;
  let limit: RaiseLimit;

  beforeEach(() => {
    clock = new ManualClock();
    limit = new RaiseLimit(SETTINGS, clock);
  });

  const spend = (by = 'ana'): void => {
    for (let taken = 0; taken < SETTINGS.raiseBurst; taken += 1) limit.check(document, { ...raise, by });
  };

  it('lets a burst through and refuses one more, until time has passed', () => {
    spend();
    expect(() => limit.check(document, raise)).toThrow(
      /"ana" changes the rollout more than 2 times a second/,
    );
    clock.advance(500);
    limit.check(document, raise);
    expect(() => limit.check(document, raise)).toThrow();
  });

  it('counts each caller alone', () => {
    spend();
    expect(() => limit.check(document, { ...raise, by: 'ben' })).not.toThrow();
  });

  const safe: readonly Wished[] = [
    { kind: 'rollback', to: 'zero', evidence: {}, ...about },
    { kind: 'pause', critical: false, evidence: {}, ...about },
    { kind: 'freeze', ...about },
    { kind: 'set_percentage', percentage: 9.999, ...about },
    { kind: 'set_holdback', holdback: 6, ...about },
    { kind: 'set_pins', pins: { '00000001': 'legacy' }, ...about },
  ];
  it.each(safe.map((wished) => [wished.kind, wished] as const))(
    'never refuses what makes things safer: %s',
    (_kind, wished) => {
      spend();
      const ask = (): void => {
        for (let turn = 0; turn < 1000; turn += 1) limit.check(document, wished);
      };
      expect(ask).not.toThrow();
    },
  );

  const counted: readonly Wished[] = [
    raise,
    { kind: 'set_percentage', percentage: 10, ...about },
    { kind: 'set_holdback', holdback: 4, ...about },
    { kind: 'set_pins', pins: { '00000001': 'legacy', '00000002': 'new' }, ...about },
    { kind: 'set_pins', pins: { '00000001': null }, ...about },
    { kind: 'set_mirror', on: true, percentage: 100, ...about },
    { kind: 'promote', judgement: undefined, ...about },
    { kind: 'approve', role: 'operator', ...about },
    { kind: 'resume', ...about },
    { kind: 'unfreeze', ...about },
    { kind: 'release', ...about },
  ];
  it.each(counted.map((wished, at) => [at, wished.kind, wished] as const))(
    'counts what may expose more: %s %s',
    (_at, _kind, wished) => {
      spend();
      expect(() => limit.check(document, wished)).toThrow(/lowering and rollback are not limited/);
    },
  );

  it('remembers no more callers than the setting says', () => {
    const small = new RaiseLimit({ ...SETTINGS, raiseBurst: 1, callers: 2 }, clock);
    for (const by of ['a', 'b', 'c']) small.check(document, { ...raise, by });
    expect(() => small.check(document, { ...raise, by: 'c' })).toThrow();
    expect(() => small.check(document, { ...raise, by: 'a' })).not.toThrow();
  });
});
