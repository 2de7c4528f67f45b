import fc from 'fast-check';
import { sleep } from './clock';
import { ManualClock } from './manual-clock';

describe('a manual clock', () => {
  it('stands still until it is moved, and moves both of its times alike', () => {
    const clock = new ManualClock(1_000_000);
    expect([clock.now(), clock.wallNow()]).toEqual([0, 1_000_000]);
    clock.advance(250);
    expect([clock.now(), clock.wallNow()]).toEqual([250, 1_000_250]);
  });

  it('fires timers in the order of their due times, each at its own instant', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(8)), (delays) => {
        const clock = new ManualClock();
        const fired: [number, number][] = [];
        delays.forEach((delay, index) => clock.after(delay, () => fired.push([clock.now(), index])));
        clock.advance(8);
        const expected = delays.map((delay, index): [number, number] => [delay, index]);
        expect(fired).toEqual(expected.sort(([a, i], [b, j]) => a - b || i - j));
        expect(clock.pendingTimers).toBe(0);
      }),
    );
  });

  it('fires a timer that another timer sets, when it falls due in the same step', () => {
    const clock = new ManualClock();
    const fired: number[] = [];
    clock.after(10, () => clock.after(10, () => fired.push(clock.now())));
    clock.advance(25);
    expect(fired).toEqual([20]);
    expect(clock.now()).toBe(25);
  });

  it('leaves alone what is not due', () => {
    const clock = new ManualClock();
    let fired = 0;
    clock.after(10, () => (fired += 1));
    clock.advance(9.999);
    expect([fired, clock.pendingTimers]).toEqual([0, 1]);
    clock.advance(0.001);
    expect([fired, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('takes a negative delay for none and never goes back', () => {
    const clock = new ManualClock();
    clock.advance(5);
    const fired: number[] = [];
    clock.after(-3, () => fired.push(clock.now()));
    clock.advance(0);
    expect(fired).toEqual([5]);
  });

  it('does not fire a cancelled timer, and cancels twice without harm', () => {
    const clock = new ManualClock();
    let fired = 0;
    const cancel = clock.after(1, () => (fired += 1));
    clock.after(2, () => (fired += 10));
    cancel();
    cancel();
    clock.advance(5);
    expect(fired).toBe(10);
  });
});

describe('every', () => {
  it('calls its task once a period', () => {
    const clock = new ManualClock();
    const at: number[] = [];
    clock.every(10, () => at.push(clock.now()));
    clock.advance(35);
    expect(at).toEqual([10, 20, 30]);
  });

  it('stops when cancelled from outside or by its own task, and leaves no timer', () => {
    const clock = new ManualClock();
    let outside = 0;
    let inside = 0;
    const cancelOutside = clock.every(10, () => (outside += 1));
    const cancelInside = clock.every(10, () => {
      inside += 1;
      cancelInside();
    });
    clock.advance(15);
    cancelOutside();
    clock.advance(100);
    expect({ outside, inside, timers: clock.pendingTimers }).toEqual({ outside: 1, inside: 1, timers: 0 });
  });

  it('goes on when its task throws', () => {
    const clock = new ManualClock();
    let calls = 0;
    clock.every(10, () => {
      calls += 1;
      throw new Error('task failed');
    });
    expect(() => clock.advance(10)).toThrow('task failed');
    expect(() => clock.advance(10)).toThrow('task failed');
    expect(calls).toBe(2);
  });
});

describe('advanceAsync', () => {
  it('lets promise reactions run between two timers, at the instant of the first', async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    const wait = async (): Promise<void> => {
      await sleep(clock, 10);
      seen.push(`slept until ${clock.now()}`);
      await sleep(clock, 10);
      seen.push(`slept until ${clock.now()}`);
    };
    const done = wait();
    clock.after(15, () => seen.push(`timer at ${clock.now()}`));
    await clock.advanceAsync(40);
    await done;
    expect(seen).toEqual(['slept until 10', 'timer at 15', 'slept until 20']);
    expect(clock.now()).toBe(40);
  });

  it('starts what was already promised before it moves', async () => {
    const clock = new ManualClock();
    const seen: number[] = [];
    void Promise.resolve().then(() => clock.after(5, () => seen.push(clock.now())));
    await clock.advanceAsync(5);
    expect(seen).toEqual([5]);
  });
});
