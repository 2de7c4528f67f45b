import type { Clock } from '../../src/kernel/clock';
import type { ManualClock } from '../../src/kernel/manual-clock';
import { decide } from '../../src/rollout/decide';
import { defaultLadder } from '../../src/rollout/default-ladder';
import { JudgementBoard } from '../../src/rollout/judgement-board';
import type { PlanStore } from '../../src/rollout/plan-store';
import { Rollout } from '../../src/rollout/rollout';
import { Ticker } from '../../src/rollout/ticker';
import type { DayResult, Question } from '../../src/slo/verdict';
import { LocalLease } from '../../src/store/lease';
import { MemoryNoticeboard } from '../../src/store/noticeboard';
import { RecordedFacts } from './recorded-facts';
import { ScriptedJudge, verdictOf, type Scripted } from './scripted-judge';

const DAY_MS = 24 * 60 * 60_000;
const OBJECTIVES = ['command-success', 'command-latency', 'packet-loss'];
const POLICY = { maxStep: 100, maxPins: 100 };

/** One of several replicas without a lease between them: each takes itself for the leader. */
export interface TickingReplica {
  readonly rollout: Rollout;
  readonly ticker: Ticker;
  readonly judge: ScriptedJudge;
  readonly facts: RecordedFacts;
}

export async function tickingReplica(
  name: string,
  store: PlanStore,
  clock: ManualClock,
): Promise<TickingReplica> {
  const facts = new RecordedFacts();
  const { observe } = facts;
  const ladder = defaultLadder();
  const rollout = new Rollout({
    clock,
    observe,
    store,
    decide: (document, event, writer) => decide(document, event, { policy: POLICY, ladder, writer }),
    replica: name,
    first: { holdback: 5, seed: { percentage: 0, mirror: false, cohort: [] }, ladder },
    act: () => {},
  });
  await rollout.open();
  const judge = new ScriptedJudge(clock);
  const board = new JudgementBoard({
    board: new MemoryNoticeboard(clock),
    replica: name,
    ttlMs: 60_000,
    observe,
  });
  const settings = { tickTimeoutMs: 10_000, judgementTtlMs: 60_000 };
  const ticker = new Ticker({ rollout, judge, lease: new LocalLease(), board, settings, clock, observe });
  return { rollout, ticker, judge, facts };
}

/** A fleet on which everything is well: what a judge says of it at this moment. */
export function allIsWell(clock: Clock): (question: Question) => Scripted {
  return ({ since }) => ({
    objectives: OBJECTIVES.map((name) => verdictOf(name)),
    mirror: { compared: 10_000, disagreed: 0 },
    coverage: { devices: 100, spoken: 100 },
    days: goodDays(Date.parse(since), clock.wallNow()),
  });
}

/** Every whole UTC day between two instants was met. */
function goodDays(fromMs: number, toMs: number): DayResult[] {
  const days: DayResult[] = [];
  for (let at = Math.ceil(fromMs / DAY_MS) * DAY_MS; at + DAY_MS <= toMs; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push(...OBJECTIVES.map((objective): DayResult => ({ day, objective, result: 'met' })));
  }
  return days;
}
