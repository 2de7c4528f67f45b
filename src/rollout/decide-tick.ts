import type { Demand, Judgement } from '../slo/verdict';
import { change, unchanged, type RolloutDecision, type Situation } from './decision';
import { pause } from './decide-automation';
import { approvalAwaited, failuresTold } from './decide-news';
import { ascend } from './decide-promote';
import { rollback } from './decide-rollback';
import type { RolloutEvent } from './event';
import type { GateReport } from './gate-report';
import { rungOf } from './ladder';
import { clockAfter, withDays } from './position';
import { standstill } from './raise-rules';
import { reportStage, type StageReport } from './stage-report';

type Tick = Extract<RolloutEvent, { kind: 'tick' }>;
type Step = (situation: Situation, tick: Tick, report: StageReport) => RolloutDecision | undefined;

/**
 * One look makes one step at most, and the order is the promise: what lowers or stops comes first, in every state and
 * in every mode; only then what can raise.
 */
const STEPS: readonly Step[] = [demanded, gateActions, daysJudged, failuresTold, approvalAwaited, promoted];

export function tick(situation: Situation, event: Tick): RolloutDecision {
  const { document, context } = situation;
  const { generation, at } = event.judgement;
  if (generation !== document.plan.generation)
    return unchanged(`generation ${generation} was judged, this is generation ${document.plan.generation}`);
  const report = reportStage(document, context.ladder, event.judgement, Date.parse(event.at));
  for (const step of STEPS) {
    const decision = step(situation, event, report);
    if (decision?.kind === 'change') return decision;
  }
  return unchanged(`nothing to do by the judgement of ${at}`);
}

/** Most severe first; one that finds its wish fulfilled leaves room for the next. */
function demanded(situation: Situation, event: Tick): RolloutDecision | undefined {
  for (const demand of event.judgement.demands) {
    const decision = meet(situation, event, demand);
    if (decision.kind === 'change') return decision;
  }
  return undefined;
}

function meet(situation: Situation, event: Tick, demand: Demand): RolloutDecision {
  const { rule, why } = demand;
  const { by, at, judgement } = event;
  const evidence = { rule, judgedAt: judgement.at, ...demand.evidence };
  const wish = { by, at, reason: why, generation: judgement.generation, evidence };
  return demand.kind === 'rollback'
    ? rollback(situation, { ...wish, kind: 'rollback', to: 'zero' })
    : pause(situation, { ...wish, kind: 'pause', critical: demand.critical });
}

/**
 * Gates that roll back when they fail. A judgement that demands a pause has seen what a gate cannot see, such as
 * legacy failing as well: then none of them acts.
 */
function gateActions(
  situation: Situation,
  event: Tick,
  { gates, stage }: StageReport,
): RolloutDecision | undefined {
  if (event.judgement.demands.some(({ kind }) => kind === 'pause')) return undefined;
  const gate = gates.find(acts('rollback')) ?? gates.find(acts('step_back'));
  if (gate === undefined) return undefined;
  const { by, at, judgement } = event;
  const evidence = {
    stage: stage.name,
    gate: gate.name,
    judgedAt: judgement.at,
    objectives: judgement.objectives,
  };
  return rollback(situation, {
    by,
    at,
    kind: 'rollback',
    reason: `${stage.name}, ${gate.name}: ${gate.lacks ?? ''}`,
    to: gate.onFail === 'rollback' ? 'zero' : 'previous_stage',
    generation: judgement.generation,
    evidence,
  });
}

function acts(action: GateReport['onFail']): (gate: GateReport) => boolean {
  return ({ state, onFail }) => state === 'failing' && onFail === action;
}

/** Writes down how days ended; a failed one may begin the clock of the stage again. */
function daysJudged(situation: Situation, event: Tick): RolloutDecision | undefined {
  const { document, context } = situation;
  const { position, plan } = document;
  const { days, fresh } = withDays(position, event.judgement.days);
  if (fresh.length === 0) return undefined;
  const { stage } = rungOf(context.ladder, position, plan.percentage);
  const observed = event.judgement.objectives.filter(({ observeOnly }) => observeOnly === true);
  const counted = fresh.filter(
    ({ objective }) => !observed.some((verdict) => verdict.objective === objective),
  );
  const clockReset = clockAfter(position, stage, counted);
  const rates = plan.percentage === 0 ? event.judgement.guardRates : undefined;
  const next = {
    ...position,
    days,
    clockReset: clockReset ?? position.clockReset,
    guardRates: rates ?? position.guardRates,
  };
  const action = !clockReset ? 'days_judged' : 'clock_reset';
  const reason = clockReset?.why ?? daysSentence(fresh);
  return change(
    situation,
    { position: next },
    { event: { ...event, reason }, action, evidence: { days: fresh } },
  );
}

function daysSentence(fresh: Judgement['days']): string {
  const failed = fresh
    .filter(({ result }) => result === 'failed')
    .map(({ objective, day }) => `${objective} on ${day}`);
  const judged = `${fresh.length} ${fresh.length === 1 ? 'day' : 'days'} of objectives judged`;
  return failed.length === 0 ? `${judged}, none failed` : `${judged}, failed: ${failed.join(', ')}`;
}

/** Up, when the automation is armed and nothing is missing. What wants a person's confirmation waits for one. */
function promoted(situation: Situation, event: Tick, report: StageReport): RolloutDecision | undefined {
  const { document } = situation;
  if (document.automation.kind !== 'armed' || report.next === undefined || standstill(document))
    return undefined;
  if (report.gates.some(({ state }) => state !== 'open')) return undefined;
  // What was judged before the stage was entered has made its step already, by this leader or by another.
  if (!(Date.parse(event.judgement.at) > Date.parse(document.position.enteredAt))) return undefined;
  const reason = `every gate of ${report.stage.name} is open`;
  return ascend(situation, report, {
    event: { ...event, reason },
    judgement: event.judgement,
    confirmed: false,
  });
}
