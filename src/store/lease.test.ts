import fc from 'fast-check';
import { isLongRun } from '../../test/support/long-run';
import { ManualClock } from '../kernel/manual-clock';
import { LocalLease, SharedLease, type LeaseRegister } from './lease';

const SETTINGS = { ttlMs: 15_000, marginMs: 1_000 };

/** A register as Redis keeps it, on a clock of its own kind: entries expire, owners get rising tokens. */
class MemoryRegister implements LeaseRegister {
  entry: { readonly owner: string; readonly token: number; readonly until: number } | undefined;
  private tokens = 0;

  constructor(private readonly clock: ManualClock) {}

  take(owner: string, ttlMs: number): Promise<{ owner: string; token: number }> {
    const now = this.clock.now();
    const standing = this.entry && this.entry.until > now ? this.entry : undefined;
    if (standing && standing.owner !== owner) return Promise.resolve(standing);
    this.entry = { owner, token: standing?.token ?? ++this.tokens, until: now + ttlMs };
    return Promise.resolve(this.entry);
  }

  giveUp(owner: string): Promise<void> {
    if (this.entry?.owner === owner) this.entry = undefined;
    return Promise.resolve();
  }
}

/** The way to a register that may be slow in both directions, or lose what it is given. */
class SlowWay implements LeaseRegister {
  /** How long a question and its answer take, or nothing for "lost". */
  delays: { readonly thereMs: number; readonly backMs: number } | 'lost' = { thereMs: 0, backMs: 0 };

  constructor(
    private readonly register: LeaseRegister,
    private readonly clock: ManualClock,
  ) {}

  take(owner: string, ttlMs: number): Promise<{ owner: string; token: number }> {
    return this.through(() => this.register.take(owner, ttlMs));
  }

  giveUp(owner: string): Promise<void> {
    return this.through(() => this.register.giveUp(owner));
  }

  private through<T>(deed: () => Promise<T>): Promise<T> {
    const { delays, clock } = this;
    if (delays === 'lost') return Promise.reject(new Error('no answer in time'));
    return new Promise((resolve) => {
      clock.after(delays.thereMs, () => {
        void deed().then((done) => clock.after(delays.backMs, () => resolve(done)));
      });
    });
  }
}

function leaseOf(register: LeaseRegister, owner: string, clock: ManualClock, failures: unknown[] = []) {
  const onFailure = (error: unknown): void => void failures.push(error);
  return new SharedLease({ register, owner, settings: SETTINGS, clock, onFailure });
}

describe('a shared lease', () => {
  let clock: ManualClock;
  let register: MemoryRegister;

  beforeEach(() => {
    clock = new ManualClock();
    register = new MemoryRegister(clock);
  });

  test('is held by the first who asks; the second is told who holds it', async () => {
    const [a, b] = [leaseOf(register, 'a', clock), leaseOf(register, 'b', clock)];
    expect(await a.hold()).toEqual({ held: true, token: 1 });
    expect(await b.hold()).toEqual({ held: false, holder: 'a' });
  });

  test('keeps its token as long as it is prolonged, and gives a higher one to the next holder', async () => {
    const [a, b] = [leaseOf(register, 'a', clock), leaseOf(register, 'b', clock)];
    for (let turn = 0; turn < 5; turn += 1) {
      expect(await a.hold()).toEqual({ held: true, token: 1 });
      clock.advance(10_000);
    }
    clock.advance(SETTINGS.ttlMs);
    expect(await b.hold()).toEqual({ held: true, token: 2 });
    expect(await a.hold()).toEqual({ held: false, holder: 'b' });
  });

  test('is not believed any more before its time in the register has passed', async () => {
    const a = leaseOf(register, 'a', clock);
    await a.hold();
    clock.advance(SETTINGS.ttlMs - SETTINGS.marginMs - 1);
    expect(a.belief.held).toBe(true);
    clock.advance(1);
    expect(a.belief.held).toBe(false);
    expect(register.entry?.until).toBeGreaterThan(clock.now());
  });

  test('counts its time from the question, however late the answer comes', async () => {
    const way = new SlowWay(register, clock);
    way.delays = { thereMs: 0, backMs: SETTINGS.ttlMs };
    const a = leaseOf(way, 'a', clock);
    const asked = a.hold();
    await clock.advanceAsync(SETTINGS.ttlMs);
    expect(await asked).toEqual({ held: false, holder: 'a' });
  });

  test('outlives a register that does not answer for less than its time', async () => {
    const failures: unknown[] = [];
    const way = new SlowWay(register, clock);
    const a = leaseOf(way, 'a', clock, failures);
    const first = a.hold();
    await clock.advanceAsync(0);
    await first;
    way.delays = 'lost';
    clock.advance(5_000);
    expect(await a.hold()).toEqual({ held: true, token: 1 });
    clock.advance(SETTINGS.ttlMs);
    expect(await a.hold()).toEqual({ held: false, holder: undefined });
    expect(failures).toHaveLength(2);
  });

  test('given back, it is free at once, and not taken again', async () => {
    const [a, b] = [leaseOf(register, 'a', clock), leaseOf(register, 'b', clock)];
    await a.hold();
    const released = a.release();
    expect(a.belief.held).toBe(false);
    await released;
    expect(await a.hold()).toMatchObject({ held: false });
    expect(await b.hold()).toEqual({ held: true, token: 2 });
  });

  test('an answer that was under way when it was given back takes nothing again', async () => {
    const way = new SlowWay(register, clock);
    way.delays = { thereMs: 0, backMs: 100 };
    const a = leaseOf(way, 'a', clock);
    const asked = a.hold();
    await clock.advanceAsync(50);
    void a.release();
    await clock.advanceAsync(1_000);
    expect((await asked).held).toBe(false);
    expect(a.belief.held).toBe(false);
  });

  const delay = fc.oneof(fc.nat({ max: 200 }), fc.integer({ min: 1_000, max: 2 * SETTINGS.ttlMs }));
  const step = fc.record({
    who: fc.nat({ max: 2 }),
    deed: fc.oneof(
      { weight: 8, arbitrary: fc.constant('hold' as const) },
      { weight: 1, arbitrary: fc.constant('release' as const) },
    ),
    delays: fc.oneof(
      { weight: 6, arbitrary: fc.record({ thereMs: delay, backMs: delay }) },
      { weight: 1, arbitrary: fc.constant('lost' as const) },
    ),
    /** The process stands still, or nothing happens, for so long. */
    pauseMs: delay,
  });

  test('is never believed to be theirs by two at once, and tokens only rise, whatever is late or lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const time = new ManualClock();
        const shared = new MemoryRegister(time);
        const ways = [0, 1, 2].map(() => new SlowWay(shared, time));
        const leases = ways.map((way, who) => leaseOf(way, `replica ${who}`, time));
        let highest = 0;
        const look = (): void => {
          const held = leases.flatMap(({ belief }) => (belief.held ? [belief.token] : []));
          expect(held.length).toBeLessThanOrEqual(1);
          expect(held[0] ?? highest).toBeGreaterThanOrEqual(highest);
          highest = held[0] ?? highest;
        };
        for (const { who, deed, delays, pauseMs } of steps) {
          (ways[who] as SlowWay).delays = delays;
          void (leases[who] as SharedLease)[deed]();
          for (let gone = 0; gone < pauseMs; gone += 500) {
            await time.advanceAsync(Math.min(500, pauseMs - gone));
            look();
          }
        }
      }),
      { numRuns: isLongRun ? 3_000 : 200 },
    );
  }, 600_000);
});

test('a process without others holds its lease for ever', async () => {
  const lease = new LocalLease();
  expect(await lease.hold()).toEqual({ held: true, token: 0 });
  await lease.release();
  expect(lease.belief.held).toBe(true);
});
