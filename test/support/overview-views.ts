import type { ObjectiveView, SlosView } from '../../src/api/schemas/slos';

/** An objective that is met with most of its budget, but for what `over` says. */
export function objectiveWith(over: Partial<ObjectiveView> = {}): ObjectiveView {
  return {
    name: 'command-success',
    title: 'Commands are applied',
    verdict: 'pass',
    why: '1 of 10,000 bad',
    target: 0.999,
    window: '30d',
    observeOnly: false,
    ratio: 0.0001,
    bad: 1,
    all: 10_000,
    legacy: null,
    evidenceNeeded: 2_995,
    evidence: '10,000 of 2,995 events seen',
    readyAt: null,
    eventsPerSecond: 10,
    budgetLeft: 0.9,
    budgetLeftWhole: 0.9,
    timeToExhaustionMs: null,
    young: false,
    coverage: 1,
    burnRates: [],
    ...over,
  };
}

export function slosWith(over: Partial<SlosView> = {}): SlosView {
  return {
    at: '2026-01-03T13:59:55.000Z',
    generation: 3,
    verdict: 'pass',
    disagreements: [],
    objectives: [objectiveWith()],
    ...over,
  };
}
