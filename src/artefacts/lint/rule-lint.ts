import { isAlert, type AlertingRule, type Rule, type RuleFile } from '../alerts/rule';
import { expressionFaults } from './expression-lint';
import { knownSeries } from './known-series';
import { readingOf } from './selections';
import { tokensOf } from './tokens';

/** What is wrong with the rule files, a sentence each, with the place in front. */
export function ruleFaults(files: readonly RuleFile[]): string[] {
  const known = knownSeries(files);
  const rules = files.flatMap(({ file, groups }) =>
    groups.flatMap((group) =>
      group.rules.map((rule) => ({ place: `${file} ${group.name} ${nameOfRule(rule)}`, rule })),
    ),
  );
  return [
    ...rules.flatMap(({ place, rule }) =>
      [...expressionFaults(rule.expr, known), ...(isAlert(rule) ? alertFaults(rule) : [])].map(
        (fault) => `${place}: ${fault}`,
      ),
    ),
    ...collisions(rules.map(({ rule }) => rule)),
  ];
}

function nameOfRule(rule: Rule): string {
  return isAlert(rule) ? rule.alert : rule.record;
}

const COMPARISONS = new Set(['>', '<', '>=', '<=', '==', '!=']);
const SEVERITIES = new Set(['critical', 'warning', 'none']);

function alertFaults({ expr, labels, annotations, runbook, alert }: AlertingRule): string[] {
  return [
    ...(SEVERITIES.has(labels.severity ?? '') ? [] : ['its severity is none that is known']),
    ...(runbook ? [] : ['it names no runbook']),
    ...(annotations.summary && annotations.description ? [] : ['it does not say what is wrong']),
    // A value in a label would make another alert with every look.
    ...Object.entries(labels)
      .filter(([, value]) => value.includes('$value'))
      .map(([label]) => `${label} changes with the value`),
    ...(compares(expr) || alert === 'Watchdog' ? [] : ['it compares nothing, so it always fires']),
    ...(labels.action === undefined || readsGeneration(expr) ? [] : ['it acts without a generation']),
  ];
}

function compares(expr: string): boolean {
  return tokensOf(expr).some(({ text }) => COMPARISONS.has(text) || text === 'absent');
}

/** An action without a generation cannot be told from one about an earlier ramp. */
function readsGeneration(expr: string): boolean {
  return readingOf(expr).grouping.includes('generation');
}

/** Two recording rules of one name and the same labels: Prometheus finds out at run time, and then records neither. */
function collisions(rules: readonly Rule[]): string[] {
  const seen = new Set<string>();
  return rules.flatMap((rule) => {
    if (isAlert(rule)) return [];
    const series = `${rule.record}${JSON.stringify(rule.labels ?? {})}`;
    const again = seen.has(series);
    seen.add(series);
    return again ? [`${series} is recorded twice`] : [];
  });
}
