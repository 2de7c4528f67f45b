import type { Clock } from '../../src/kernel/clock';
import type { Demand, Judge, Judgement, ObjectiveVerdict, Question } from '../../src/slo/verdict';

/** What is different from "nothing measured, nothing demanded" in one judgement. */
export type Scripted = Partial<Omit<Judgement, 'at' | 'generation'>> & { readonly generation?: number };

/** One line of a script, for every question from now on: what to answer, to reject with, or a promise to wait for. */
export type Line = Scripted | Error | Promise<Scripted> | ((question: Question) => Scripted);

/** A judge that says what its script says. */
export class ScriptedJudge implements Judge {
  readonly questions: Question[] = [];

  constructor(
    private readonly clock: Clock,
    private line: Line = {},
  ) {}

  says(line: Line): void {
    this.line = line;
  }

  async judge(question: Question): Promise<Judgement> {
    this.questions.push(question);
    const { line } = this;
    if (line instanceof Error) throw line;
    const said = typeof line === 'function' ? line(question) : await line;
    return { ...judgementOf({}, question.generation), at: this.now(), ...said };
  }

  private now(): string {
    return new Date(this.clock.wallNow()).toISOString();
  }
}

/** A judgement of one generation. */
export function judgementOf(said: Scripted, generation = 1): Judgement {
  return {
    at: '2026-01-01T00:00:00.000Z',
    generation,
    objectives: [],
    demands: [],
    days: [],
    mirror: undefined,
    coverage: undefined,
    guardRates: undefined,
    ...said,
  };
}

/** An objective about which everything is known and good, but for what `over` says. */
export function verdictOf(objective: string, over: Partial<ObjectiveVerdict> = {}): ObjectiveVerdict {
  return {
    objective,
    verdict: 'pass',
    why: '0 of 10,000 events were bad',
    target: 0.999,
    bad: 0,
    all: 10_000,
    evidenceNeeded: 2_995,
    eventsPerSecond: 10,
    budgetLeft: 1,
    budgetLeftWhole: 1,
    coverage: 1,
    evidence: {},
    ...over,
  };
}

export const ROLLBACK_DEMAND: Demand = {
  kind: 'rollback',
  rule: 'command-success burns',
  why: '31 of 400 commands failed on new, 0 of 380 on legacy',
  evidence: { bad: 31, all: 400 },
};
