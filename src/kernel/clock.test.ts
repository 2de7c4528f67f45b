import { MAX_TIMER_MS, systemClock } from './clock';

function fired(schedule: (done: () => void) => void): Promise<void> {
  return new Promise(schedule);
}

describe('the system clock', () => {
  it('only grows while it waits', async () => {
    const before = systemClock.now();
    await fired((done) => systemClock.after(1, done));
    expect(systemClock.now()).toBeGreaterThan(before);
  });

  it('does not fire what was cancelled', async () => {
    const seen: string[] = [];
    const cancel = systemClock.after(1, () => seen.push('cancelled'));
    cancel();
    await fired((done) =>
      systemClock.after(5, () => {
        seen.push('kept');
        done();
      }),
    );
    expect(seen).toEqual(['kept']);
  });

  it('does not fire at once what is further away than Node can wait', async () => {
    const seen: string[] = [];
    const cancel = systemClock.after(MAX_TIMER_MS * 2, () => seen.push('far'));
    await fired((done) => systemClock.after(20, done));
    cancel();
    expect(seen).toEqual([]);
  });

  it('repeats until cancelled', async () => {
    let calls = 0;
    await fired((done) => {
      const cancel = systemClock.every(1, () => {
        calls += 1;
        if (calls < 3) return;
        cancel();
        done();
      });
    });
    await fired((done) => systemClock.after(5, done));
    expect(calls).toBe(3);
  });
});
