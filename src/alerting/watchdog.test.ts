import type { Fact } from '../kernel/facts';
import { ManualClock } from '../kernel/manual-clock';
import { Watchdog } from './watchdog';

function watchdogThat(expected: boolean): { watchdog: Watchdog; clock: ManualClock; facts: Fact[] } {
  const clock = new ManualClock();
  const facts: Fact[] = [];
  const watchdog = new Watchdog({ silenceMs: 60_000, expected }, clock, (fact) => facts.push(fact));
  return { watchdog, clock, facts };
}

describe('the watchdog', () => {
  it('is not missed where it was never heard and is not expected', () => {
    const { watchdog, clock, facts } = watchdogThat(false);
    clock.advance(3_600_000);
    expect(watchdog.state).toEqual({ kind: 'not_expected' });
    expect(facts).toEqual([]);
  });

  it('is missed from the start where it is expected', () => {
    const { watchdog, clock, facts } = watchdogThat(true);
    clock.advance(60_000);
    expect(watchdog.state.kind).toBe('heard');
    clock.advance(1_000);
    expect(watchdog.state).toEqual({ kind: 'silent', since: null });
    expect(facts).toEqual([{ kind: 'watchdog_silent', since: null }]);
  });

  it('is told of once per silence, and once when it is back', () => {
    const { watchdog, clock, facts } = watchdogThat(false);
    watchdog.heard();
    clock.advance(300_000);
    watchdog.heard();
    watchdog.heard();
    expect(facts.map(({ kind }) => kind)).toEqual(['watchdog_silent', 'watchdog_back']);
  });
});
