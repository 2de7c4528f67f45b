import type { Fact } from '../kernel/facts';
import { ManualClock } from '../kernel/manual-clock';
import { Watchdog } from './watchdog';

function watchdogThat(
  expected: boolean,
  heardElsewhere = false,
): { watchdog: Watchdog; clock: ManualClock; facts: Fact[] } {
  const clock = new ManualClock();
  const facts: Fact[] = [];
  const watchdog = new Watchdog({
    settings: { silenceMs: 60_000, expected },
    news: { tell: () => Promise.resolve(), heardElsewhere: () => Promise.resolve(heardElsewhere) },
    clock,
    observe: (fact) => facts.push(fact),
  });
  return { watchdog, clock, facts };
}

describe('the watchdog', () => {
  it('is not missed where it was never heard and is not expected', async () => {
    const { watchdog, clock, facts } = watchdogThat(false);
    await clock.advanceAsync(3_600_000);
    expect(watchdog.state).toEqual({ kind: 'not_expected' });
    expect(facts).toEqual([]);
  });

  it('is missed from the start where it is expected', async () => {
    const { watchdog, clock, facts } = watchdogThat(true);
    await clock.advanceAsync(60_000);
    expect(watchdog.state.kind).toBe('heard');
    await clock.advanceAsync(1_000);
    expect(watchdog.state).toEqual({ kind: 'silent', since: null });
    expect(facts).toEqual([{ kind: 'watchdog_silent', since: null }]);
  });

  it('is told of once per silence, and once when it is back', async () => {
    const { watchdog, clock, facts } = watchdogThat(false);
    watchdog.heard();
    await clock.advanceAsync(300_000);
    watchdog.heard();
    watchdog.heard();
    expect(facts.map(({ kind }) => kind)).toEqual(['watchdog_silent', 'watchdog_back']);
  });

  it('is not missed by a replica that Alertmanager does not call, while another one is called', async () => {
    const { watchdog, clock, facts } = watchdogThat(true, true);
    await clock.advanceAsync(300_000);
    expect(watchdog.state.kind).toBe('heard');
    expect(facts).toEqual([]);
  });
});
