import { yamlFile, type Artefact } from '../artefact';

/** The unit tests of rules as promtool reads them. Property names are those of its files. */
export interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly InputSeries[];
  readonly promql_expr_test?: readonly ExpressionTest[];
  readonly alert_rule_test?: readonly AlertTest[];
}

export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

export interface ExpressionTest {
  readonly expr: string;
  readonly eval_time: string;
  readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
}

interface AlertTest {
  readonly eval_time: string;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: Readonly<Record<string, string>>;
    readonly exp_annotations: Readonly<Record<string, string>>;
  }[];
}

export interface RuleTestFile {
  /** Below alerts/tests. */
  readonly file: string;
  readonly about: readonly string[];
  /** Rule files, below alerts. */
  readonly rules: readonly string[];
  readonly everySeconds: number;
  readonly tests: readonly RuleTest[];
}

export function ruleTestArtefact({ file, about, rules, everySeconds, tests }: RuleTestFile): Artefact {
  return yamlFile(`alerts/tests/${file}`, about, {
    rule_files: rules.map((rule) => `../${rule}`),
    evaluation_interval: `${everySeconds}s`,
    tests,
  });
}

/** Scrapes of one length: so many of them, so much more in each. */
export interface Stretch {
  readonly scrapes: number;
  readonly each: number;
}

/** A counter that was scraped. It begins again at zero with a stretch that is a `reset`. */
export function counterValues(stretches: readonly (Stretch | 'reset')[]): string {
  let value = 0;
  const parts: string[] = ['0'];
  for (const stretch of stretches) {
    if (stretch === 'reset') {
      value = 0;
      continue;
    }
    const { scrapes, each } = stretch;
    parts.push(scrapes === 1 ? `${value + each}` : `${value + each}+${each}x${scrapes - 1}`);
    value += scrapes * each;
  }
  return parts.join(' ');
}

/** A gauge that does not change. */
export function constantValues(value: number, scrapes: number): string {
  return `${value}x${scrapes}`;
}

/** A gauge that is one thing first and another then. */
export function changedValues(before: number, scrapes: number, after: number): string {
  return `${before}x${scrapes} ${after}x${scrapes}`;
}

/** Which alerts fire, by the labels that matter. Annotations hold values, and those are not what is tested here. */
export function firing(
  matchers: string,
  by: readonly string[],
  at: string,
  expected: readonly string[],
): ExpressionTest {
  return {
    expr: `count by (${by.join(', ')}) (ALERTS{alertstate="firing",${matchers}})`,
    eval_time: at,
    exp_samples: expected.map((labels) => ({ labels, value: 1 })),
  };
}
