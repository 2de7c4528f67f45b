import { change, type RolloutDecision, type Situation } from './decision';
import type { RolloutEvent } from './event';
import type { GateReport } from './gate-report';
import { TOLD_KEPT } from './position';
import type { StageReport } from './stage-report';

type Tick = Extract<RolloutEvent, { kind: 'tick' }>;

/** Gates that tell people when they fail. */
export function failuresTold(
  situation: Situation,
  event: Tick,
  report: StageReport,
): RolloutDecision | undefined {
  return tell(situation, event, {
    report,
    action: 'gate_failed',
    gates: report.gates.filter(({ state, onFail }) => state === 'failing' && onFail === 'notify'),
  });
}

/** When nothing but approvals is lacking, nobody but people can go on, and they should know. */
export function approvalAwaited(
  situation: Situation,
  event: Tick,
  report: StageReport,
): RolloutDecision | undefined {
  if (situation.document.automation.kind !== 'armed') return undefined;
  const gates = report.gates.filter(({ state }) => state !== 'open');
  const approvals = report.stage.gates.filter(({ kind }) => kind === 'approval').map(({ name }) => name);
  if (!gates.every(({ name }) => approvals.includes(name))) return undefined;
  return tell(situation, event, { report, action: 'approval_awaited', gates });
}

interface News {
  readonly report: StageReport;
  readonly action: 'gate_failed' | 'approval_awaited';
  readonly gates: readonly GateReport[];
}

/** Of each gate once in each stage, however often it comes and goes. */
function tell(
  situation: Situation,
  event: Tick,
  { report: { stage }, action, gates }: News,
): RolloutDecision | undefined {
  const { position } = situation.document;
  const news = gates.filter(({ name }) => !position.told.includes(name));
  if (news.length === 0) return undefined;
  const told = [...position.told, ...news.map(({ name }) => name)].slice(-TOLD_KEPT);
  const reason = news.map(({ name, lacks }) => `${stage.name}, ${name}: ${lacks ?? ''}`).join('; ');
  const evidence = {
    gates: news.map(({ name, lacks }) => ({ name, lacks })),
    objectives: event.judgement.objectives,
  };
  return change(
    situation,
    { position: { ...position, told } },
    { event: { ...event, reason }, action, evidence },
  );
}
