import { runbookUrl } from '../runbooks';

/** The rule files of Prometheus as data. Property names are those of the files. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The labels that the expression leaves; not part of the file. */
  readonly by: readonly string[];
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  /** Page and section below docs/runbooks; the file has the whole address. */
  readonly runbook: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export type Rule = RecordingRule | AlertingRule;

export interface RuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly Rule[];
}

export interface RuleFile {
  /** Below alerts/. */
  readonly file: string;
  readonly about: readonly string[];
  readonly groups: readonly RuleGroup[];
}

/** `critical` wakes somebody, `warning` is for working hours, `none` is for machines alone. */
export type Severity = 'critical' | 'warning' | 'none';

export interface AlertParts {
  readonly alert: string;
  /** The page of docs/runbooks that has a section of the alert's name. */
  readonly runbook: string;
  readonly severity: Severity;
  readonly expr: string;
  readonly for?: string;
  readonly keepFiringFor?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** One sentence: what is wrong, with the number. */
  readonly summary: string;
  /** What it means and what happens by itself. */
  readonly description: string;
}

/** An alert with what every alert must have. */
export function alertingRule(parts: AlertParts): AlertingRule {
  return {
    alert: parts.alert,
    expr: parts.expr,
    ...(parts.for !== undefined && { for: parts.for }),
    ...(parts.keepFiringFor !== undefined && { keep_firing_for: parts.keepFiringFor }),
    runbook: `${parts.runbook}#${anchorOf(parts.alert)}`,
    labels: { severity: parts.severity, ...parts.labels },
    annotations: { summary: parts.summary, description: parts.description },
  };
}

/** As it stands in a file. `by` and `runbook` are ours. */
export function writtenRule(rule: Rule, runbookBase: string): object {
  return isAlert(rule) ? writtenAlert(rule, runbookBase) : recordOf(rule);
}

/**
 * The runbook stands among the labels, so that routes and silences can name it, and among the annotations too, where
 * notification templates look for it.
 */
export function writtenAlert(
  { runbook, ...rule }: AlertingRule,
  runbookBase: string,
): Omit<AlertingRule, 'runbook'> {
  const runbook_url = runbookUrl(runbookBase, runbook);
  return {
    ...rule,
    labels: { ...rule.labels, runbook_url },
    annotations: { ...rule.annotations, runbook_url },
  };
}

function recordOf({ record, expr, labels }: RecordingRule): object {
  return { record, expr, ...(labels && { labels }) };
}

/** The anchor of a heading that is one word, as Markdown renderers make it. */
export function anchorOf(heading: string): string {
  return heading.toLowerCase();
}

export function isAlert(rule: Rule): rule is AlertingRule {
  return 'alert' in rule;
}

export function alertsOf(files: readonly RuleFile[]): AlertingRule[] {
  return files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules.filter(isAlert)));
}
