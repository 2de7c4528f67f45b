import type { Plan } from '../routing/plan';
import type { Evidence, Judgement } from '../slo/verdict';
import { change, refuse, unchanged, type RolloutDecision, type Situation } from './decision';
import type { RolloutEvent, Wish } from './event';
import type { GateReport } from './gate-report';
import type { Stage } from './ladder';
import { entering } from './position';
import { objectionTo, standstill } from './raise-rules';
import { reportStage, type StageReport } from './stage-report';

/** To the next stage by the wish of a person, who may confirm what a gate still lacks, but neither latch nor freeze. */
export function promote(
  situation: Situation,
  event: Extract<RolloutEvent, { kind: 'promote' }>,
): RolloutDecision {
  const { document, context } = situation;
  const report = reportStage(document, context.ladder, event.judgement, Date.parse(event.at));
  if (report.next === undefined) return unchanged(`${report.stage.name} is the end of the ladder`);
  const objection = standstill(document);
  if (objection) return objection;
  const lacking = report.gates.filter(({ state }) => state !== 'open');
  if (lacking.length > 0 && !event.confirmed)
    return refuse('gate.closed', closedMessage(report.stage, lacking), { gates: lacking });
  return ascend(situation, report, { event, judgement: event.judgement, confirmed: event.confirmed });
}

export interface Ascent {
  readonly event: Wish;
  readonly judgement: Judgement | undefined;
  readonly confirmed: boolean;
}

/** The next stage's traffic and clock. The gates have been looked at; the rules of raises have not. */
export function ascend(situation: Situation, report: StageReport, ascent: Ascent): RolloutDecision {
  const { document } = situation;
  const { stage, next } = report;
  const { event, judgement, confirmed } = ascent;
  if (next === undefined) return unchanged(`${stage.name} is the end of the ladder`);
  const traffic = trafficAbove(document.plan, stage, next);
  const objection = objectionTo(situation, { ...document.plan, ...traffic }, { at: event.at, confirmed });
  if (objection) return objection;
  const entered = entering(document.position, next, event.at);
  const leavesDark = document.plan.percentage === 0 && traffic.percentage > 0;
  const rates = judgement?.generation === document.plan.generation ? judgement.guardRates : undefined;
  const position = leavesDark && rates !== undefined ? { ...entered, guardRates: rates } : entered;
  return change(
    situation,
    { plan: traffic, position },
    { event, action: 'promote', evidence: evidenceOf(report, judgement) },
  );
}

/** What somebody set by hand stays, unless the ladder itself goes on from one value to another here. */
function trafficAbove(plan: Plan, from: Stage, to: Stage): Pick<Plan, 'percentage' | 'holdback' | 'mirror'> {
  return {
    percentage: Math.max(plan.percentage, to.percentage),
    holdback: from.holdback === to.holdback ? plan.holdback : Math.min(plan.holdback, to.holdback),
    mirror: from.mirror === to.mirror ? plan.mirror : { on: to.mirror > 0, percentage: to.mirror },
  };
}

function closedMessage(stage: Stage, lacking: readonly GateReport[]): string {
  const each = lacking.map(({ name, lacks }) => `${name}: ${lacks ?? ''}`).join('; ');
  return `${stage.name} cannot be left yet. ${each}. To go on in spite of it, confirm it ("confirm": true, command line: pointsman promote --yes --reason "…")`;
}

/** What a promotion rests on, as it stands in the audit trail. */
function evidenceOf(report: StageReport, judgement: Judgement | undefined): Evidence {
  return {
    from: report.stage.name,
    to: report.next?.name,
    gates: report.gates.map(({ name, state, lacks }) => ({ name, state, lacks })),
    judgedAt: judgement?.at,
    objectives: judgement?.objectives,
  };
}
