import type { Judged } from './objective-verdict';
import { readingOf } from './readings';
import {
  controlFails,
  controlIsBetter,
  hasControl,
  mainWindowOf,
  ruleName,
  severityOf,
  type Finding,
} from './rules';

/**
 * What the concurrent legacy control says of the rule that the new transport fails. `unclear`: it does not fail it, but
 * is not better by more than chance either.
 */
export type ControlWord = 'clear' | 'failing' | 'unclear' | 'absent';

/** What follows from one objective. */
export type Accusation =
  | { readonly kind: 'none' }
  /** `common_cause`: legacy fails it too, or cannot be told from new, so nobody knows that going back would help. */
  | {
      readonly kind: 'rollback' | 'common_cause';
      readonly finding: Finding;
      /** Name of the rule for the audit trail. */
      readonly rule: string;
      readonly control: ControlWord;
      readonly why: string;
      /** Somebody's devices suffer now. */
      readonly critical: boolean;
    };

/**
 * Holds the absolute rules against the new transport. Page tiers and an exhausted budget act at once; what only fails
 * the objective acts when `lasting`. Never when legacy, at the same time, fails the same rule or is not clearly better.
 */
export function accuse(judged: Judged, lasting: boolean): Accusation {
  const { objective } = judged.measured;
  if (objective.observeOnly) return { kind: 'none' };
  const failing = judged.findings.filter(({ state }) => state === 'failing');
  const acting = failing.filter(({ rule }) => severityOf(rule) === 'page' || lasting);
  const blamed = acting.find(({ rule }) => isAlone(wordOf(judged, rule)));
  const finding = blamed ?? acting[0];
  if (finding === undefined) return { kind: 'none' };
  const critical = severityOf(finding.rule) === 'page';
  const word = wordOf(judged, finding.rule);
  return {
    kind: blamed ? 'rollback' : 'common_cause',
    finding,
    rule: critical ? ruleName(finding.rule) : `failing_verdicts:${ruleName(finding.rule)}`,
    control: word,
    why: `${objective.name}: ${judged.verdict.why}; ${controlInWords(judged, finding, word)}`,
    critical,
  };
}

function wordOf({ measured }: Judged, rule: Finding['rule']): ControlWord {
  const { objective, accused, control } = measured;
  if (!hasControl(objective, rule, control)) return 'absent';
  if (controlFails(objective, rule, control)) return 'failing';
  return controlIsBetter(objective, rule, { accused, control }) ? 'clear' : 'unclear';
}

/** Nothing but the new transport can be the cause, as far as anybody can see. */
function isAlone(word: ControlWord): boolean {
  return word === 'clear' || word === 'absent';
}

function controlInWords({ measured }: Judged, { rule }: Finding, word: ControlWord): string {
  const { objective, control } = measured;
  if (word === 'absent') return 'there is no legacy traffic to compare with';
  const reading = readingOf(control, mainWindowOf(objective, rule));
  const counts =
    reading.kind === 'counts'
      ? `${Math.round(reading.bad)} of ${Math.round(reading.all)} bad`
      : 'it could not be read';
  switch (word) {
    case 'failing':
      return `legacy fails the same rule (${counts}): a common cause`;
    case 'unclear':
      return `legacy is not better by more than chance (${counts}): a common cause, as far as can be told`;
    case 'clear':
      return `legacy does not fail it (${counts})`;
  }
}
