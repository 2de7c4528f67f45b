import type { Transition, TransitionState } from '../../src/notify/transition';

const STATE: TransitionState = {
  percentage: 25,
  holdback: 5,
  revision: 8,
  generation: 3,
  automation: 'armed',
  stage: '25-percent',
};

/** A rollback by the guard, but for what `over` says. */
export function transitionWith(over: Partial<Transition> = {}): Transition {
  return {
    at: '2026-01-02T03:04:05.000Z',
    by: 'guard',
    action: 'rollback',
    reason: 'replies are missing',
    before: STATE,
    after: { ...STATE, percentage: 0, revision: 9, generation: 4, automation: 'latched' },
    evidence: { failures: 12 },
    ...over,
  };
}

/** The n-th raise of somebody. */
export function raise(turn: number): Transition {
  const after = { ...STATE, percentage: turn, revision: turn };
  const at = new Date(Date.UTC(2026, 0, 1) + turn).toISOString();
  return transitionWith({
    action: 'set_percentage',
    by: 'ana',
    reason: `to ${turn}`,
    at,
    after,
    evidence: {},
  });
}
