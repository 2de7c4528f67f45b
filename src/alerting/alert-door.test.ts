import { alertWith, delivery } from '../../test/support/alerts';
import { AppError, messageOf } from '../kernel/errors';
import type { Fact } from '../kernel/facts';
import { ManualClock } from '../kernel/manual-clock';
import { AlertDoor, type AlertWish, type DeliveryAnswer, type Steered, type Steering } from './alert-door';
import { Watchdog } from './watchdog';

/** A rollout at generation 1 that goes back once. */
class FakeSteering implements Steering {
  generation = 1;
  latched = false;
  readonly rollbacks: AlertWish[] = [];
  readonly pauses: AlertWish[] = [];
  readonly dropped: AlertWish[] = [];
  store: 'stores' | 'fails' | 'hangs' = 'stores';

  rollBack(wish: AlertWish): Promise<Steered> {
    if (wish.generation !== this.generation) {
      this.dropped.push(wish);
      return Promise.resolve({ changed: false });
    }
    this.rollbacks.push(wish);
    const changed = !this.latched;
    this.latched = true;
    this.generation += Number(changed);
    return Promise.resolve({ changed });
  }

  pause(wish: AlertWish): Promise<Steered> {
    this.pauses.push(wish);
    return Promise.resolve({ changed: true });
  }

  stored(): Promise<void> {
    if (this.store === 'hangs') return new Promise(() => {});
    return this.store === 'stores'
      ? Promise.resolve()
      : Promise.reject(new AppError('store.unavailable', 'the store is away'));
  }
}

const COUNTS = {
  here: { 'command-success': { new: { good: 1, total: 9 }, legacy: { good: 90, total: 90 } } },
};

function doorOn(
  steering: FakeSteering,
  counts: () => Record<string, unknown> = () => COUNTS,
): {
  door: AlertDoor;
  clock: ManualClock;
  facts: Fact[];
  watchdog: Watchdog;
} {
  const clock = new ManualClock();
  const facts: Fact[] = [];
  const observe = (fact: Fact): void => void facts.push(fact);
  const watchdog = new Watchdog({
    settings: { silenceMs: 60_000, expected: false },
    news: { tell: () => Promise.resolve(), heardElsewhere: () => Promise.resolve(false) },
    clock,
    observe,
  });
  const door = new AlertDoor({
    steering,
    watchdog,
    counts,
    clock,
    observe,
    storeWithinMs: 1000,
    rememberedStale: 10,
  });
  return { door, clock, facts, watchdog };
}

describe('the door for alerts', () => {
  it('rolls back in memory before anything is awaited', () => {
    const steering = new FakeSteering();
    void doorOn(steering).door.receive(delivery(alertWith()), 'alertmanager');
    expect(steering.latched).toBe(true);
  });

  it('names the alert as the reason and keeps it as evidence', async () => {
    const steering = new FakeSteering();
    await doorOn(steering).door.receive(delivery(alertWith()), 'alertmanager');
    expect(steering.rollbacks).toEqual([
      {
        by: 'alertmanager',
        generation: 1,
        reason: 'NewPathFailing: the new path fails',
        evidence: { counts: COUNTS, alerts: [alertWith()] },
      },
    ]);
  });

  it('keeps with it how both transports fared, as it was counted under the generation that goes back', async () => {
    const steering = new FakeSteering();
    const { door } = doorOn(steering, () => ({ generation: steering.generation }));
    await door.receive(delivery(alertWith()), 'alertmanager');
    expect(Object.entries(steering.rollbacks[0]?.evidence ?? {})[0]).toEqual(['counts', { generation: 1 }]);
  });

  it('keeps no counts of this generation with an alert of another one', async () => {
    const steering = new FakeSteering();
    steering.generation = 2;
    await doorOn(steering).door.receive(delivery(alertWith()), 'alertmanager');
    expect(steering.dropped[0]?.evidence).toEqual({ alerts: [alertWith()] });
  });

  it('rolls back even when nobody could count', async () => {
    const steering = new FakeSteering();
    const { door } = doorOn(steering, () => {
      throw new Error('the counters are torn');
    });
    await door.receive(delivery(alertWith()), 'alertmanager');
    expect(steering.rollbacks[0]?.evidence.counts).toEqual({ unread: 'the counters are torn' });
  });

  it('makes one wish of several alerts, and none to pause beside a rollback', async () => {
    const steering = new FakeSteering();
    const alerts = [alertWith({ action: 'pause' }), alertWith({ slo: 'a' }), alertWith({ slo: 'b' })];
    const answer = await doorOn(steering).door.receive(delivery(...alerts), 'alertmanager');
    expect(answer).toEqual({ changed: true, rolledBack: 2, paused: 1, ignored: {} });
    expect([steering.rollbacks.length, steering.pauses.length]).toEqual([1, 0]);
  });

  it('changes nothing when the same delivery comes again, and writes the stale alert down once', async () => {
    const steering = new FakeSteering();
    const { door } = doorOn(steering);
    const answers: DeliveryAnswer[] = [];
    for (let time = 0; time < 4; time += 1)
      answers.push(await door.receive(delivery(alertWith()), 'alertmanager'));
    expect(answers.map(({ changed }) => changed)).toEqual([true, false, false, false]);
    expect([steering.rollbacks.length, steering.dropped.length]).toEqual([1, 1]);
  });

  it('refuses a delivery whose rollback could not be stored, and refuses the repeat too until it is', async () => {
    const steering = new FakeSteering();
    steering.store = 'fails';
    const { door } = doorOn(steering);
    await expect(door.receive(delivery(alertWith()), 'alertmanager')).rejects.toThrow('the store is away');
    await expect(door.receive(delivery(alertWith()), 'alertmanager')).rejects.toThrow('the store is away');
    steering.store = 'stores';
    await expect(door.receive(delivery(alertWith()), 'alertmanager')).resolves.toMatchObject({
      changed: false,
    });
  });

  it('does not wait longer for a store that hangs than it may', async () => {
    const steering = new FakeSteering();
    steering.store = 'hangs';
    const { door, clock } = doorOn(steering);
    const answer = door.receive(delivery(alertWith()), 'alertmanager').catch(messageOf);
    await clock.advanceAsync(1000);
    expect(await answer).toContain('not stored within 1000 ms');
  });

  it('counts each alert by what it did', async () => {
    const { door, facts, watchdog } = doorOn(new FakeSteering());
    const alerts = [alertWith({}, { status: 'resolved' }), alertWith({ alertname: 'Watchdog' })];
    const answer = await door.receive(delivery(...alerts), 'alertmanager');
    expect(answer.ignored).toEqual({ resolved: 1 });
    expect(facts).toEqual([
      { kind: 'alert_received', outcome: 'resolved' },
      { kind: 'alert_received', outcome: 'watchdog' },
    ]);
    expect(watchdog.state.kind).toBe('heard');
  });
});
