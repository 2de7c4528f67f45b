import fc from 'fast-check';
import { deliveryStep, type DeliveryEffect, type DeliveryEvent, type DeliveryState } from './delivery';

const CREATED: DeliveryState = { kind: 'created' };
const BLOCKED: DeliveryState = { kind: 'blocked', attempt: 2 };
const STOPPED: DeliveryState = { kind: 'stopped' };
/** Stopped before the reply to its only transmission was told to it. */
const STOPPED_UNMEASURED: DeliveryState = { kind: 'stopped', transmittedAt: 100 };
const receiptOf = (attempt: number): DeliveryState => ({
  kind: 'awaiting_receipt',
  attempt,
  transmittedAt: 100,
});
const replyOf = (attempt: number): DeliveryState => ({ kind: 'awaiting_reply', attempt, transmittedAt: 100 });

const START = { kind: 'start', writable: true, at: 130 } as const;
const START_BLOCKED: DeliveryEvent = { ...START, writable: false };
const DRAINED: DeliveryEvent = { kind: 'drained', at: 130 };
const RECEIPT: DeliveryEvent = { kind: 'receipt', at: 130 };
const REPLY: DeliveryEvent = { kind: 'reply', at: 130 };
const TIMER = { kind: 'timer', writable: true, permitted: true, at: 130 } as const;
const TIMER_BLOCKED: DeliveryEvent = { ...TIMER, writable: false };
const TIMER_DENIED: DeliveryEvent = { ...TIMER, permitted: false };
const STOP: DeliveryEvent = { kind: 'stop' };

const TRANSMIT: DeliveryEffect = { kind: 'transmit' };
const STOP_TIMER: DeliveryEffect = { kind: 'stop_timer' };
const wait = (awaited: 'receipt' | 'reply', attempt: number): DeliveryEffect => ({
  kind: 'start_timer',
  awaited,
  attempt,
});
const sample = (awaited: 'receipt' | 'reply'): DeliveryEffect => ({
  kind: 'sample',
  awaited,
  roundTripMs: 30,
});
const DENIED: DeliveryEffect = { kind: 'repeat_denied' };
const late = (awaited: 'receipt' | 'reply', attempt: number): DeliveryEffect => ({
  kind: 'timed_out',
  awaited,
  attempt,
});
const sent = (attempt: number): DeliveryState => ({ kind: 'awaiting_receipt', attempt, transmittedAt: 130 });

type Row = [DeliveryState, DeliveryEvent, DeliveryState, DeliveryEffect[]];

const CHANGES: Row[] = [
  [CREATED, START, sent(1), [wait('receipt', 1), TRANSMIT]],
  [CREATED, START_BLOCKED, { kind: 'blocked', attempt: 1 }, []],
  [CREATED, REPLY, STOPPED, [STOP_TIMER]],
  [CREATED, STOP, STOPPED, [STOP_TIMER]],
  [BLOCKED, DRAINED, sent(2), [wait('receipt', 2), TRANSMIT]],
  [BLOCKED, REPLY, STOPPED, [STOP_TIMER]],
  [BLOCKED, STOP, STOPPED, [STOP_TIMER]],
  [receiptOf(1), RECEIPT, replyOf(1), [sample('receipt'), wait('reply', 1)]],
  [receiptOf(2), RECEIPT, replyOf(2), [wait('reply', 2)]],
  [receiptOf(1), REPLY, STOPPED, [sample('reply'), STOP_TIMER]],
  [receiptOf(2), REPLY, STOPPED, [STOP_TIMER]],
  [receiptOf(1), TIMER, sent(2), [late('receipt', 1), wait('receipt', 2), TRANSMIT]],
  [receiptOf(1), TIMER_BLOCKED, BLOCKED, [late('receipt', 1)]],
  [receiptOf(4), TIMER, STOPPED, [late('receipt', 4)]],
  [receiptOf(1), TIMER_DENIED, receiptOf(1), [late('receipt', 1), DENIED, wait('receipt', 1)]],
  [receiptOf(4), TIMER_DENIED, STOPPED, [late('receipt', 4)]],
  [receiptOf(1), STOP, STOPPED_UNMEASURED, [STOP_TIMER]],
  [receiptOf(2), STOP, STOPPED, [STOP_TIMER]],
  [replyOf(1), REPLY, STOPPED, [sample('reply'), STOP_TIMER]],
  [replyOf(2), REPLY, STOPPED, [STOP_TIMER]],
  [replyOf(3), TIMER, sent(4), [late('reply', 3), wait('receipt', 4), TRANSMIT]],
  [replyOf(1), TIMER_BLOCKED, BLOCKED, [late('reply', 1)]],
  [replyOf(4), TIMER_BLOCKED, STOPPED, [late('reply', 4)]],
  [replyOf(2), TIMER_DENIED, replyOf(2), [late('reply', 2), DENIED, wait('reply', 2)]],
  [replyOf(1), STOP, STOPPED_UNMEASURED, [STOP_TIMER]],
  [replyOf(2), STOP, STOPPED, [STOP_TIMER]],
  [STOPPED_UNMEASURED, REPLY, STOPPED, [sample('reply')]],
  [STOPPED, REPLY, STOPPED, []],
];
const RETRIES = 3;

describe('a delivery', () => {
  it.each(CHANGES)('in %j on %j becomes %j and does %j', (state, event, next, effects) => {
    expect(deliveryStep(state, event, RETRIES)).toEqual({ state: next, effects });
  });

  const states = [CREATED, BLOCKED, receiptOf(1), replyOf(1), STOPPED];
  const events = [START, DRAINED, RECEIPT, REPLY, TIMER, STOP];
  const unchanged = states.flatMap((state) =>
    events
      .filter((event) => !CHANGES.some(([from, on]) => from.kind === state.kind && on.kind === event.kind))
      .map((event): [DeliveryState, DeliveryEvent] => [state, event]),
  );

  it.each(unchanged)('in %j takes no notice of %j', (state, event) => {
    expect(deliveryStep(state, event, RETRIES)).toEqual({ state, effects: [] });
  });
});

describe('whatever happens to a delivery', () => {
  const events: fc.Arbitrary<DeliveryEvent> = fc.oneof(
    fc.record({ kind: fc.constant('start' as const), writable: fc.boolean(), at: fc.nat(9) }),
    fc.record({
      kind: fc.constant('timer' as const),
      writable: fc.boolean(),
      permitted: fc.boolean(),
      at: fc.nat(9),
    }),
    fc.record({ kind: fc.constantFrom('drained' as const, 'receipt' as const), at: fc.nat(9) }),
    { weight: 1, arbitrary: fc.constantFrom<DeliveryEvent>({ kind: 'reply', at: 9 }, { kind: 'stop' }) },
  );
  const scripts = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.array(events, { maxLength: 60 }));

  /** Every effect, with the number of events that came before it. */
  function play(
    retries: number,
    script: readonly DeliveryEvent[],
  ): { effect: DeliveryEffect; turn: number }[] {
    let state = CREATED;
    return script.flatMap((event, turn) => {
      const step = deliveryStep(state, event, retries);
      state = step.state;
      return step.effects.map((effect) => ({ effect, turn }));
    });
  }

  it('nothing is done after a stop or a reply, but to learn from a reply', () => {
    fc.assert(
      fc.property(scripts, ([retries, script]) => {
        const over = script.findIndex(({ kind }) => kind === 'stop' || kind === 'reply');
        fc.pre(over >= 0);
        const after = play(retries, [START, ...script]).filter(({ turn }) => turn > over + 1);
        expect(after.filter(({ effect }) => effect.kind !== 'sample')).toEqual([]);
        expect(after.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('the request is transmitted once and as often again as it has retries, at most', () => {
    fc.assert(
      fc.property(scripts, ([retries, script]) => {
        const transmissions = play(retries, [START, ...script]).filter(
          ({ effect }) => effect.kind === 'transmit',
        );
        expect(transmissions.length).toBeGreaterThanOrEqual(1);
        expect(transmissions.length).toBeLessThanOrEqual(retries + 1);
      }),
    );
  });

  it('the request is transmitted exactly so often when nobody ever answers', () => {
    fc.assert(
      fc.property(fc.nat(6), (retries) => {
        const script = [START, ...new Array<DeliveryEvent>(20).fill(TIMER)];
        const effects = play(retries, script).map(({ effect }) => effect.kind);
        expect(effects.filter((kind) => kind === 'transmit')).toHaveLength(retries + 1);
        expect(effects.filter((kind) => kind === 'timed_out')).toHaveLength(retries + 1);
      }),
    );
  });

  it('only the first transmission teaches the timer', () => {
    fc.assert(
      fc.property(scripts, ([retries, script]) => {
        const effects = play(retries, [START, ...script]).map(({ effect }) => effect.kind);
        const second = effects.indexOf('transmit', effects.indexOf('transmit') + 1);
        if (second >= 0) expect(effects.slice(second)).not.toContain('sample');
        expect(effects.filter((kind) => kind === 'sample').length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
