import fc from 'fast-check';
import {
  freshQueue,
  hasPast,
  QUEUE_POLICIES,
  queueStep,
  type QueueEvent,
  type QueuePolicy,
  type QueueState,
} from './bounded-queue-policy';

const SETTINGS = { degradedAbove: 10, switchAfter: 10, calmMs: 60_000 };
const NEWCOMER = 'newcomer';

const full = (at = 0, mayHold = true): QueueEvent<string> => ({
  kind: 'full',
  at,
  newcomer: NEWCOMER,
  mayHold,
});
const timedOut = (at = 0): QueueEvent<string> => ({ kind: 'put_timed_out', at });
const belowHalf = (at: number): QueueEvent<string> => ({ kind: 'below_half', at });
const ENTERED: QueueEvent<string> = { kind: 'entered' };

/** The state after these events, and in words what each of them had for effects. */
function after(policy: QueuePolicy, events: readonly QueueEvent<string>[]) {
  let state: QueueState = freshQueue(policy);
  const told = events.map((event) => {
    const step = queueStep(state, event, SETTINGS);
    state = step.state;
    return step.effects.map((effect) =>
      effect.kind === 'switched' ? `${effect.to} ${effect.reason}` : effect.kind,
    );
  });
  return { state, told };
}

const lastOf = (policy: QueuePolicy, ...events: readonly QueueEvent<string>[]) =>
  after(policy, events).told.at(-1);
const times = (count: number, event: QueueEvent<string>) => Array.from({ length: count }, () => event);

describe('the policy of a full queue', () => {
  it.each([
    ['reject', true, 'refuse'],
    ['reject', false, 'refuse'],
    ['block', true, 'hold'],
    ['block', false, 'refuse'],
    ['drop_oldest', true, 'drop_oldest'],
    ['drop_oldest', false, 'drop_oldest'],
  ] as const)('%s, with room for one who waits: %s, means %s', (policy, mayHold, effect) => {
    const { effects } = queueStep(freshQueue(policy), full(0, mayHold), SETTINGS);
    expect(effects).toEqual([{ kind: effect, newcomer: NEWCOMER }]);
  });

  it('becomes dropping the oldest at the tenth wait in a row that was for nothing', () => {
    const { told } = after('block', times(10, timedOut()));
    expect(told).toEqual([...times(9, ENTERED).map(() => []), ['drop_oldest deadlock_prevention']]);
    expect(lastOf('block', ...times(10, timedOut()), full())).toEqual(['drop_oldest']);
  });

  it('stays blocking when somebody got in between', () => {
    expect(lastOf('block', ...times(9, timedOut()), ENTERED, ...times(9, timedOut()), full())).toEqual([
      'hold',
    ]);
  });

  it.each(['reject', 'drop_oldest'] as const)('%s does not change for time-outs', (policy) => {
    expect(after(policy, times(20, timedOut())).state).toEqual(freshQueue(policy));
  });

  it.each([
    ['not before the time has passed', [belowHalf(60_999)], ['drop_oldest']],
    ['not while the queue is half full, however long', [ENTERED, timedOut(600_000)], ['drop_oldest']],
    ['when both are true', [belowHalf(61_000)], ['hold']],
  ] as const)('goes back to blocking %s', (_when, events, effects) => {
    expect(lastOf('block', ...times(10, timedOut(1_000)), ...events, full())).toEqual(effects);
  });

  it('says so when it goes back, and begins to count anew', () => {
    const switched = [...times(10, timedOut()), belowHalf(60_000)];
    expect(lastOf('block', ...switched)).toEqual(['block recovered']);
    expect(lastOf('block', ...switched, ...times(9, timedOut(60_000)))).toEqual([]);
    expect(lastOf('block', ...switched, ...times(10, timedOut(60_000)))).toEqual([
      'drop_oldest deadlock_prevention',
    ]);
  });
});

describe('the alarm of a full queue', () => {
  it.each(QUEUE_POLICIES)('goes off once, above ten full events, under %s', (policy) => {
    const alarms = after(policy, times(40, full())).told.map((effects) => effects.includes('degraded'));
    expect(alarms.indexOf(true)).toBe(10);
    expect(alarms.filter(Boolean)).toHaveLength(1);
  });

  it('does not go off for full events between which the queue was below half', () => {
    const events = [...times(10, full()), belowHalf(1), ...times(10, full(2))];
    expect(after('reject', events).told.flat()).not.toContain('degraded');
  });

  it.each([
    [59_999, 1],
    [60_000, 2],
  ])('goes off again only when the queue was below half after its time: at %d ms', (at, alarms) => {
    const { told } = after('reject', [...times(11, full(0)), belowHalf(at), ...times(11, full(at))]);
    expect(told.flat().filter((effect) => effect === 'degraded')).toHaveLength(alarms);
  });
});

describe('the past of a queue', () => {
  it.each(QUEUE_POLICIES)('is none at the beginning, under %s', (policy) => {
    expect(hasPast(freshQueue(policy))).toBe(false);
  });

  it('is a degradation or another policy, until both are over', () => {
    const events = [...times(11, full(0)), ...times(10, timedOut(5_000))];
    expect(hasPast(after('reject', times(10, full())).state)).toBe(false);
    expect(hasPast(after('reject', times(11, full())).state)).toBe(true);
    expect(hasPast(after('block', times(10, timedOut())).state)).toBe(true);
    expect(hasPast(after('block', [...events, belowHalf(60_000)]).state)).toBe(true);
    expect(hasPast(after('block', [...events, belowHalf(65_000)]).state)).toBe(false);
  });

  const event: fc.Arbitrary<QueueEvent<string>> = fc.oneof(
    fc.constant(ENTERED),
    fc.record({
      kind: fc.constant('full' as const),
      at: fc.nat(9),
      newcomer: fc.constant('x'),
      mayHold: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('put_timed_out' as const), at: fc.nat(9) }),
  );

  it.each(QUEUE_POLICIES)(
    'is forgotten whole under %s, whatever it was: calm for long enough, then one entry',
    (policy) => {
      fc.assert(
        fc.property(fc.array(event, { maxLength: 60 }), (events) => {
          const { state } = after(policy, [...events, belowHalf(60_009), ENTERED]);
          expect(state).toEqual(freshQueue(policy));
        }),
      );
    },
  );

  it.each(QUEUE_POLICIES)(
    'never makes a full queue do nothing, or two things, with a newcomer under %s',
    (policy) => {
      fc.assert(
        fc.property(fc.array(event, { maxLength: 60 }), (events) => {
          const { effects } = queueStep(after(policy, events).state, full(10), SETTINGS);
          expect(effects.filter((effect) => 'newcomer' in effect)).toHaveLength(1);
        }),
      );
    },
  );
});
