import { closed, reportOf, type Finding, type GateContext, type GateReport } from './gate-report';
import { checkCalendar, checkFreeze, checkHold, checkWindow } from './gates-of-time';
import { checkCoverage, checkMirror } from './gates-of-the-fleet';
import { checkApproval, checkDrill } from './gates-of-people';
import { checkBudget, checkEvidence, checkObjective } from './gates-of-objectives';
import { checkDays } from './gates-of-days';
import type { Gate, Stage } from './ladder';

/** What every stage asks for, and then its own gates. A freeze shows only while there is one. */
export function checkGates(stage: Stage, context: GateContext): readonly GateReport[] {
  const always = [
    reportOf('hold', checkHold(stage, context)),
    reportOf('freeze', checkFreeze(context)),
    reportOf('calendar', checkCalendar(context)),
  ].filter(({ name, state }) => name === 'hold' || state !== 'open');
  // What the judgement holds back is neither good nor bad news, so nothing of it ever fails.
  const held = (context.judgement?.holds ?? []).map(({ rule, why }) => reportOf(rule, closed(why)));
  const own = stage.gates.map((gate) =>
    reportOf(gate.name, checkGate(gate, context), 'onFail' in gate ? gate.onFail : 'hold'),
  );
  return [...always, ...held, ...own];
}

function checkGate(gate: Gate, context: GateContext): Finding {
  switch (gate.kind) {
    case 'objective':
      return checkObjective(gate, context);
    case 'budget':
      return checkBudget(gate, context);
    case 'evidence':
      return checkEvidence(gate, context);
    case 'days':
      return checkDays(gate, context);
    case 'mirror':
      return checkMirror(gate, context);
    case 'coverage':
      return checkCoverage(gate, context);
    case 'approval':
      return checkApproval(gate, context);
    case 'drill':
      return checkDrill(gate, context);
    case 'window':
      return checkWindow(gate.window, context);
  }
}
