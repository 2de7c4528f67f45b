import type { Judgement, ObjectiveVerdict } from '../../src/slo/verdict';

/** An objective that passes with plenty of evidence and its whole budget, but for what `over` says. */
export function verdictWith(over: Partial<ObjectiveVerdict> = {}): ObjectiveVerdict {
  return {
    objective: 'command-success',
    verdict: 'pass',
    why: '0 of 100,000 bad',
    target: 0.999,
    bad: 0,
    all: 100_000,
    evidenceNeeded: 2_995,
    eventsPerSecond: 10,
    budgetLeft: 1,
    budgetLeftWhole: 1,
    coverage: 1,
    evidence: {},
    ...over,
  };
}

/** A judgement of generation 1 in which one objective passes and nothing is demanded, but for what `over` says. */
export function judgementWith(over: Partial<Judgement> = {}): Judgement {
  return {
    at: '2026-01-01T00:00:00.000Z',
    generation: 1,
    objectives: [verdictWith()],
    demands: [],
    days: [],
    mirror: { compared: 100_000, disagreed: 0 },
    coverage: { devices: 1_000, spoken: 1_000 },
    guardRates: { firstFailures: 0.01, breakages: 0.001 },
    ...over,
  };
}
