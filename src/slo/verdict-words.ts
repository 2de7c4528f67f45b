import { PPM, type Counts } from './budget';
import { durationText } from './duration';
import { passEvents, type Objective } from './objectives';
import type { Reading } from './readings';
import { ruleName, YOUNG_COVERAGE, type Finding } from './rules';
import type { Verdict } from './verdict';

export interface Subject {
  readonly objective: Objective;
  readonly verdict: Verdict;
  /** The objective's whole window. */
  readonly window: Reading;
  readonly findings: readonly Finding[];
}

/** One sentence with the numbers in it. */
export function inWords(subject: Subject): string {
  const { verdict, window, findings } = subject;
  if (verdict === 'unknown') return `could not be measured: ${missing(window, findings)}`;
  if (window.kind === 'no_data')
    return [burning(findings), `the whole window could not be read: ${window.why}`]
      .filter(Boolean)
      .join('; ');
  const seen = share(window);
  if (verdict === 'fail') return `${burning(findings)}; ${seen}`;
  if (verdict === 'pass') return `${seen}; allowed is ${percent(subject.objective.budgetPpm / PPM)}`;
  return `${seen}; ${lacking(subject, window)}`;
}

function missing(window: Reading, findings: readonly Finding[]): string {
  if (window.kind === 'no_data') return window.why;
  return `no data for ${namesOf(findings, 'unknown')}`;
}

function burning(findings: readonly Finding[]): string {
  const failing = findings.filter(({ state }) => state === 'failing');
  return failing
    .map(({ rule, burnRate = 0 }) =>
      rule.kind === 'exhausted'
        ? 'the error budget is exhausted'
        : `the budget burns ${decimal(burnRate)} times too fast over ${durationText(rule.tier.longMs)}, more than ${rule.tier.factor}`,
    )
    .join('; ');
}

function lacking({ objective, findings }: Subject, window: Counts & { readonly coverage: number }): string {
  const needed = passEvents(objective);
  if (window.all < needed) return `${whole(needed)} are needed to judge`;
  const young =
    window.coverage < YOUNG_COVERAGE ? `, ${percent(window.coverage)} of the window was measured` : '';
  return `over the limit of ${namesOf(findings, 'insufficient')}, on too little evidence${young}`;
}

function namesOf(findings: readonly Finding[], state: Finding['state']): string {
  return findings
    .filter((finding) => finding.state === state)
    .map(({ rule }) => ruleName(rule))
    .join(', ');
}

function share({ bad, all }: Counts): string {
  if (all <= 0) return 'no events';
  return `${whole(bad)} of ${whole(all)} bad (${percent(bad / all)})`;
}

const whole = (count: number): string => Math.round(count).toLocaleString('en-US');
const decimal = (value: number): string => Number(value.toPrecision(3)).toString();
const percent = (value: number): string => `${Number((value * 100).toPrecision(3))} %`;
