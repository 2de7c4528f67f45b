import type { Severity } from '../kernel/severity';
import { plainEvidence, plainText } from './plain-text';
import { transitionKey, type Transition, type TransitionState } from './transition';

/** What people are told of a transition. All text in it is safe to print. */
export interface Notification extends Transition {
  /** The same for every copy of one notification, for receivers that drop repeats. */
  readonly id: string;
  readonly severity: Severity;
  /** One line: what has happened. */
  readonly title: string;
  /** Another replica may have told the same: it could not be asked. */
  readonly possiblyRepeated: boolean;
}

const LINE_LIMIT = 500;

/** Actions that nobody wants to be told of one by one. */
const QUIET: ReadonlySet<string> = new Set(['days_judged']);

const SEVERITY_OF_ACTION: ReadonlyMap<string, Severity> = new Map([
  ['rollback', 'critical'],
  ['store_lost', 'critical'],
  ['store_refused', 'critical'],
  ['reassert', 'critical'],
  ['clock_reset', 'warning'],
  ['gate_failed', 'warning'],
  ['approval_awaited', 'warning'],
]);

/** What there is to say of a transition; undefined when nothing is. */
export function notificationOf(transition: Transition, possiblyRepeated: boolean): Notification | undefined {
  const { at, before, after } = transition;
  if (QUIET.has(transition.action)) return undefined;
  const action = plainText(transition.action, LINE_LIMIT);
  const by = plainText(transition.by, LINE_LIMIT);
  const reason = plainText(transition.reason, LINE_LIMIT);
  return {
    id: plainText(transitionKey(transition), LINE_LIMIT),
    severity: severityOf(transition),
    title: plainText(`${headline(action, before, after)} by ${by}: ${reason}`, LINE_LIMIT),
    at: plainText(at, LINE_LIMIT),
    by,
    action,
    reason,
    before: plainState(before),
    after: plainState(after),
    evidence: plainEvidence(transition.evidence),
    possiblyRepeated,
  };
}

/** A pause that rests on evidence is a machine's call for help; one without is a person at work. */
function severityOf({ action, evidence }: Transition): Severity {
  if (action === 'pause') return Object.keys(evidence).length > 0 ? 'critical' : 'info';
  return SEVERITY_OF_ACTION.get(action) ?? 'info';
}

function headline(action: string, before: TransitionState, after: TransitionState): string {
  const changes = [
    before.percentage === after.percentage
      ? `at ${after.percentage} %`
      : `${before.percentage} % → ${after.percentage} %`,
    ...(after.stage === before.stage || after.stage === '' ? [] : [`stage ${after.stage}`]),
    ...(before.automation === after.automation ? [] : [after.automation]),
  ];
  return `${action.replaceAll('_', ' ')} (${changes.join(', ')}, generation ${after.generation})`;
}

function plainState(state: TransitionState): TransitionState {
  const { percentage, holdback, revision, generation, automation, stage } = state;
  return {
    percentage,
    holdback,
    revision,
    generation,
    automation: plainText(automation, LINE_LIMIT),
    stage: plainText(stage, LINE_LIMIT),
  };
}
