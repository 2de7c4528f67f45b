import type { Clock } from '../kernel/clock';
import type { Judge, Judgement, ObjectiveVerdict, Question } from './verdict';

/** Judges while nothing is measured: it knows nothing, says so of each objective, and demands nothing. */
export class NoObjectivesJudge implements Judge {
  /** `objectives`: their names and targets, as shares. */
  constructor(
    private readonly objectives: readonly { readonly name: string; readonly target: number }[],
    private readonly clock: Clock,
  ) {}

  judge({ generation }: Question): Promise<Judgement> {
    return Promise.resolve({
      at: new Date(this.clock.wallNow()).toISOString(),
      generation,
      objectives: this.objectives.map(({ name, target }) => unknownVerdict(name, target)),
      demands: [],
      days: [],
      mirror: undefined,
      coverage: undefined,
      guardRates: undefined,
    });
  }
}

function unknownVerdict(objective: string, target: number): ObjectiveVerdict {
  return {
    objective,
    verdict: 'unknown',
    why: 'no objectives are evaluated',
    target,
    bad: undefined,
    all: undefined,
    evidenceNeeded: 0,
    eventsPerSecond: undefined,
    budgetLeft: undefined,
    budgetLeftWhole: undefined,
    coverage: 0,
    evidence: {},
  };
}
