import fc from 'fast-check';
import { breakerStep, CLOSED, type BreakerEvent, type BreakerState } from './mirror-breaker';

const SETTINGS = { failures: 3, strains: 4, strainWindowMs: 1_000, pauseMs: 5_000 };
const ASK: BreakerEvent = { kind: 'asked' };
const GOOD: BreakerEvent = { kind: 'succeeded' };
const BAD: BreakerEvent = { kind: 'failed', cause: 'threw' };
const LATE: BreakerEvent = { kind: 'strained', cause: 'lagged' };

interface Run {
  readonly state: BreakerState;
  readonly passed: boolean[];
  readonly told: string[];
}

/** What happens, each thing so many milliseconds after the one before. */
function run(...events: readonly (readonly [BreakerEvent, number?])[]): Run {
  let state = CLOSED;
  let at = 0;
  const passed: boolean[] = [];
  const told: string[] = [];
  for (const [event, afterMs = 1] of events) {
    at += afterMs;
    const step = breakerStep(state, event, at, SETTINGS);
    state = step.state;
    if (event.kind === 'asked') passed.push(step.passes);
    if (step.opened) told.push(step.opened);
    if (step.closed) told.push('closed');
  }
  return { state, passed, told };
}

const times = (count: number, event: BreakerEvent, afterMs = 1) =>
  Array.from({ length: count }, () => [event, afterMs] as const);

describe("the mirror's breaker", () => {
  it('opens after so many failures in a row, and says why once', () => {
    expect(run(...times(5, BAD), [ASK])).toMatchObject({ passed: [false], told: ['threw'] });
  });

  it('does not mind failures with a success between them', () => {
    expect(run(...times(2, BAD), [GOOD], ...times(2, BAD), [ASK]).passed).toEqual([true]);
  });

  it('opens when too much is late or full within the window, successes or not', () => {
    const strained = times(4, LATE).flatMap((late) => [late, [GOOD] as const]);
    expect(run(...strained, [ASK])).toMatchObject({ passed: [false], told: ['lagged'] });
  });

  it('does not mind the same spread over a longer time', () => {
    expect(run(...times(12, LATE, 400), [ASK]).passed).toEqual([true]);
  });

  it('lets one through after the pause, and closes when that went well', () => {
    const { passed, told } = run(...times(3, BAD), [ASK], [ASK, 5_000], [ASK], [GOOD], [ASK]);
    expect(passed).toEqual([false, true, false, true]);
    expect(told).toEqual(['threw', 'closed']);
  });

  it('stays open for another pause when that failed, and does not say it again', () => {
    const { passed, told } = run(...times(3, BAD), [ASK, 5_000], [BAD], [ASK, 4_000], [ASK, 1_001]);
    expect(passed).toEqual([true, false, true]);
    expect(told).toEqual(['threw']);
  });

  it('tries again when nothing was heard of the one that it let through', () => {
    expect(run(...times(3, BAD), [ASK, 5_000], [ASK, 5_001]).passed).toEqual([true, true]);
  });

  it('is not closed by what was begun before it opened', () => {
    expect(run(...times(3, BAD), [GOOD], [ASK]).passed).toEqual([false]);
  });

  it('lets through at most one in each pause while everything fails', () => {
    const events = fc.array(fc.tuple(fc.constantFrom(ASK, BAD, LATE), fc.integer({ min: 0, max: 3_000 })));
    fc.assert(
      fc.property(events, (after) => {
        const { passed } = run(...times(3, BAD), ...after);
        const elapsed = after.reduce((sum, [, ms]) => sum + ms, 0);
        expect(passed.filter(Boolean).length).toBeLessThanOrEqual(Math.floor(elapsed / SETTINGS.pauseMs) + 1);
      }),
    );
  });
});
