import type { Judged } from './objective-verdict';
import { readingOf } from './readings';
import { controlFails, hasControl, mainWindowOf, ruleName, severityOf, type Finding } from './rules';

/** What the concurrent legacy control says of the rule that the new transport fails. */
export type ControlWord = 'clear' | 'failing' | 'absent';

/** What follows from one objective. */
export type Accusation =
  | { readonly kind: 'none' }
  /** `common_cause`: legacy fails it too, so going back would help nobody. */
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
 * the objective acts when `lasting`. Never when legacy, at the same time, fails the same rule.
 */
export function accuse(judged: Judged, lasting: boolean): Accusation {
  const { objective, control } = judged.measured;
  if (objective.observeOnly) return { kind: 'none' };
  const failing = judged.findings.filter(({ state }) => state === 'failing');
  const acting = failing.filter(({ rule }) => severityOf(rule) === 'page' || lasting);
  const blamed = acting.find(({ rule }) => !controlFails(objective, rule, control));
  const finding = blamed ?? acting[0];
  if (finding === undefined) return { kind: 'none' };
  const critical = severityOf(finding.rule) === 'page';
  const word: ControlWord = !blamed
    ? 'failing'
    : hasControl(objective, finding.rule, control)
      ? 'clear'
      : 'absent';
  return {
    kind: blamed ? 'rollback' : 'common_cause',
    finding,
    rule: critical ? ruleName(finding.rule) : `failing_verdicts:${ruleName(finding.rule)}`,
    control: word,
    why: `${objective.name}: ${judged.verdict.why}; ${controlInWords(judged, finding, word)}`,
    critical,
  };
}

function controlInWords({ measured }: Judged, { rule }: Finding, word: ControlWord): string {
  const { objective, control } = measured;
  if (word === 'absent') return 'there is no legacy traffic to compare with';
  const reading = readingOf(control, mainWindowOf(objective, rule));
  const counts =
    reading.kind === 'counts'
      ? `${Math.round(reading.bad)} of ${Math.round(reading.all)} bad`
      : 'it could not be read';
  return word === 'failing'
    ? `legacy fails the same rule (${counts}): a common cause`
    : `legacy does not fail it (${counts})`;
}
