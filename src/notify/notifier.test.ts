import { RecordedFacts } from '../../test/support/recorded-facts';
import { raise, transitionWith } from '../../test/support/transitions';
import { ManualClock } from '../kernel/manual-clock';
import { seededRandom } from '../kernel/random';
import type { Delivery, Post } from './http-post';
import type { Notification } from './notification';
import { Notifier } from './notifier';
import { Receiver, type ReceiverSettings } from './receiver';

const SETTINGS: ReceiverSettings = {
  name: 'on call',
  kind: 'json',
  minimumSeverity: 'info',
  queueLimit: 5,
  retries: 3,
  retryBaseMs: 1_000,
  retryCapMs: 60_000,
};
const DOWN: Delivery = { kind: 'failed', message: 'answered 503', again: true };
const REFUSED: Delivery = { kind: 'failed', message: 'answered 401', again: false };
const DELIVERED: Delivery = { kind: 'delivered' };

/** The store's claims, shared by all replicas of a test. */
class Claims {
  away = false;
  readonly asked: string[] = [];
  private readonly taken = new Set<string>();

  readonly claim = (key: string): Promise<boolean> => {
    this.asked.push(key);
    if (this.away) return Promise.reject(new Error('the store does not answer'));
    const first = !this.taken.has(key);
    this.taken.add(key);
    return Promise.resolve(first);
  };
}

class Bench {
  readonly clock = new ManualClock();
  readonly facts = new RecordedFacts();
  readonly claims = new Claims();

  receiver(post: Post, over: Partial<ReceiverSettings> = {}): Receiver {
    const { clock } = this;
    const settings = { ...SETTINGS, ...over };
    return new Receiver({ settings, post, clock, random: seededRandom(1), observe: this.facts.observe });
  }

  notifier(...receivers: Receiver[]): Notifier {
    const { claim } = this.claims;
    return new Notifier({ receivers, claim, queueLimit: 5, clock: this.clock, observe: this.facts.observe });
  }

  /** Receiver, outcome and attempts of every notification that has ended. */
  get ended(): string[] {
    return this.facts
      .of('notification')
      .map(({ receiver, outcome, attempts }) => `${receiver} ${outcome} ${attempts}`);
  }
}

/** Keeps what it is posted, and answers as it is told. */
function recording(answer: () => Delivery | Promise<Delivery> = () => DELIVERED) {
  const reasons: string[] = [];
  const post: Post = async (body) => {
    reasons.push((JSON.parse(body) as Notification).reason);
    return answer();
  };
  return { reasons, post };
}

describe('a notifier', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  test('tells of a transition once, although three replicas have seen it', async () => {
    const inbox = recording();
    const replicas = [1, 2, 3].map(() => bench.notifier(bench.receiver(inbox.post)));
    for (const replica of replicas) replica.changed(transitionWith());
    await bench.clock.advanceAsync(0);
    expect(inbox.reasons).toEqual(['replies are missing']);
    expect(bench.claims.asked).toHaveLength(3);
  });

  test('tells in the order in which things happened', async () => {
    const inbox = recording();
    const notifier = bench.notifier(bench.receiver(inbox.post));
    for (const turn of [1, 2, 3]) notifier.changed(raise(turn));
    await notifier.idle();
    expect(inbox.reasons).toEqual(['to 1', 'to 2', 'to 3']);
  });

  test('tells all the same when the store is away, and says that it may come twice', async () => {
    bench.claims.away = true;
    const bodies: string[] = [];
    const post: Post = (body) => Promise.resolve(bodies.push(body)).then(() => DELIVERED);
    const notifier = bench.notifier(bench.receiver(post));
    notifier.changed(transitionWith());
    await notifier.idle();
    expect(bodies.map((body) => (JSON.parse(body) as Notification).possiblyRepeated)).toEqual([true]);
    expect(bench.facts.of('notification_unclaimed')).toHaveLength(1);
  });

  test('a dead receiver delays no other, however much happens', async () => {
    const never = (): Promise<Delivery> => new Promise(() => {});
    const [dead, alive] = [recording(never), recording()];
    const notifier = bench.notifier(
      bench.receiver(dead.post, { name: 'dead' }),
      bench.receiver(alive.post, { name: 'alive' }),
    );
    for (let turn = 1; turn <= 20; turn += 1) {
      notifier.changed(raise(turn));
      await bench.clock.advanceAsync(0);
    }
    expect(alive.reasons).toHaveLength(20);
    // One is on its way for ever and five wait; the rest is dropped and counted.
    expect(bench.ended.filter((line) => line.startsWith('dead'))).toEqual(Array(14).fill('dead dropped 0'));
  });

  test('tells each receiver only what is severe enough for it', async () => {
    const [all, severe] = [recording(), recording()];
    const notifier = bench.notifier(
      bench.receiver(all.post),
      bench.receiver(severe.post, { minimumSeverity: 'critical' }),
    );
    notifier.changed(raise(1));
    notifier.changed(transitionWith());
    await notifier.idle();
    expect(all.reasons).toEqual(['to 1', 'replies are missing']);
    expect(severe.reasons).toEqual(['replies are missing']);
  });

  test('asks nobody when nobody is to be told', () => {
    bench.notifier().changed(transitionWith());
    expect(bench.claims.asked).toEqual([]);
  });

  test('stopped, gives what waits some time, then drops it and leaves no timer behind', async () => {
    const notifier = bench.notifier(bench.receiver(recording(() => DOWN).post));
    for (const turn of [1, 2]) notifier.changed(raise(turn));
    const closed = notifier.close(2_000);
    await bench.clock.advanceAsync(2_000);
    await closed;
    await bench.clock.advanceAsync(0);
    expect(bench.ended.map((line) => line.replace(/\d$/, ''))).toEqual([
      'on call dropped ',
      'on call dropped ',
    ]);
    expect(bench.clock.pendingTimers).toBe(0);
  });
});

describe('a receiver', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  test('that is down for a while gets it when it is back, ever longer after the try before', async () => {
    const tries: number[] = [];
    const post: Post = () => {
      tries.push(bench.clock.now());
      return Promise.resolve(tries.length < 4 ? DOWN : DELIVERED);
    };
    bench.notifier(bench.receiver(post)).changed(raise(1));
    await bench.clock.advanceAsync(60_000);
    expect(bench.ended).toEqual(['on call sent 4']);
    const pauses = tries.slice(1).map((at, turn) => at - (tries[turn] ?? 0));
    expect(pauses.map((pause, turn) => pause >= 1_000 * 2 ** turn)).toEqual([true, true, true]);
  });

  test('that stays down is given up after its retries, and the next notification is tried', async () => {
    const { post, reasons } = recording(() => DOWN);
    const notifier = bench.notifier(bench.receiver(post));
    notifier.changed(raise(1));
    notifier.changed(raise(2));
    await bench.clock.advanceAsync(600_000);
    expect(bench.ended).toEqual(['on call failed 4', 'on call failed 4']);
    expect(reasons).toEqual([...Array(4).fill('to 1'), ...Array(4).fill('to 2')]);
    expect(bench.facts.of('notification').map(({ message }) => message)).toEqual([
      'answered 503',
      'answered 503',
    ]);
  });

  test('that refuses is not asked again', async () => {
    bench.notifier(bench.receiver(recording(() => REFUSED).post)).changed(raise(1));
    await bench.clock.advanceAsync(600_000);
    expect(bench.ended).toEqual(['on call failed 1']);
  });
});
