import { burnRate, burnsFaster, type Counts } from './budget';
import { durationText } from './duration';
import { minimumEvents, type Objective, type Tier } from './objectives';
import { readingOf, type Arm, type Reading } from './readings';

/** A rule that can take the new transport back. */
export type Rule = { readonly kind: 'burn'; readonly tier: Tier } | { readonly kind: 'exhausted' };

/**
 * `insufficient`: over the threshold, but of too few events, or over too little of the window. `unknown`: a window
 * could not be read.
 */
export type RuleState = 'failing' | 'clear' | 'insufficient' | 'unknown';

export interface Finding {
  readonly rule: Rule;
  readonly state: RuleState;
  /** Of the long window, or of the whole one; undefined without an event. */
  readonly burnRate: number | undefined;
}

/** The burn at which a budget is gone when the window is over. */
const EVEN = 1;

/**
 * New counts as worse than legacy when their shares are so many standard errors apart. Two equal transports that both
 * hover about a limit stand on different sides of it half of the time; so far apart they are once in millions of looks,
 * and with the few events of a beginning still seldom enough.
 */
export const APART = 5;

/** Below this share of its window an objective is young: what is left of its budget rests on a few hours. */
export const YOUNG_COVERAGE = 0.1;
/** A short window counts as covered from here on: a scrape or two may be missing. */
const COVERED = 0.9;

/** The slow tiers and the budget itself first ask for time: hours of evidence cannot be had in minutes. */
type Strictness = 'accused' | 'control';

function rulesOf({ tiers }: Objective): Rule[] {
  return [...tiers.map((tier) => ({ kind: 'burn', tier }) as const), { kind: 'exhausted' }];
}

export function ruleName(rule: Rule): string {
  if (rule.kind === 'exhausted') return 'budget_exhausted';
  return `burn_${durationText(rule.tier.longMs)}_${durationText(rule.tier.shortMs)}`;
}

export function severityOf(rule: Rule): Tier['severity'] {
  return rule.kind === 'exhausted' ? 'page' : rule.tier.severity;
}

/** What each rule says of the transport that is accused. */
export function findingsOf(objective: Objective, arm: Arm): Finding[] {
  return rulesOf(objective).map((rule) => find(objective, rule, arm, 'accused'));
}

/**
 * Whether the concurrent control fails the rule too. It is small, so its failures must be enough, but not its events:
 * what takes down both must not be blamed on one of them because the other is seldom asked.
 */
export function controlFails(objective: Objective, rule: Rule, control: Arm): boolean {
  return find(objective, rule, control, 'control').state === 'failing';
}

/** Whether the control is better by more than chance would make it: only then is it the transport that fails. */
export function controlIsBetter(
  objective: Objective,
  rule: Rule,
  arms: { accused: Arm; control: Arm },
): boolean {
  const windowMs = mainWindowOf(objective, rule);
  const [accused, control] = [readingOf(arms.accused, windowMs), readingOf(arms.control, windowMs)];
  return accused.kind === 'counts' && control.kind === 'counts' && isApart(accused, control);
}

/** As the generated alerts compute it: the difference of two shares over the standard error of what both have in common. */
function isApart(worse: Counts, better: Counts): boolean {
  const difference = worse.bad / worse.all - better.bad / better.all;
  const common = (worse.bad + better.bad) / (worse.all + better.all);
  const error = Math.sqrt(common * (1 - common) * (1 / worse.all + 1 / better.all));
  return difference > 0 && difference >= APART * error;
}

/** Whether there is anything to compare with: legacy had events in the rule's window. */
export function hasControl(objective: Objective, rule: Rule, control: Arm): boolean {
  const reading = readingOf(control, mainWindowOf(objective, rule));
  return reading.kind === 'counts' && reading.all > 0;
}

/** The window whose events and failures are the rule's evidence. */
export function mainWindowOf({ windowMs }: Objective, rule: Rule): number {
  return rule.kind === 'exhausted' ? windowMs : rule.tier.longMs;
}

export function factorOf(rule: Rule): number {
  return rule.kind === 'exhausted' ? EVEN : rule.tier.factor;
}

function find(objective: Objective, rule: Rule, arm: Arm, strictness: Strictness): Finding {
  const main = readingOf(arm, mainWindowOf(objective, rule));
  const short = rule.kind === 'burn' ? readingOf(arm, rule.tier.shortMs) : main;
  const rate = main.kind === 'counts' ? burnRate(main, objective.budgetPpm) : undefined;
  return { rule, state: stateOf(objective, rule, { main, short, strictness }), burnRate: rate };
}

function stateOf(
  objective: Objective,
  rule: Rule,
  { main, short, strictness }: { main: Reading; short: Reading; strictness: Strictness },
): RuleState {
  if (main.kind === 'no_data' || short.kind === 'no_data') return 'unknown';
  const factor = factorOf(rule);
  const burns = [main, short].every((reading) => burnsFaster(reading, factor, objective.budgetPpm));
  if (!burns) return 'clear';
  if (main.bad < objective.minimumFailures) return 'insufficient';
  if (strictness === 'control') return 'failing';
  if (main.all < minimumEvents(objective, factor)) return 'insufficient';
  return isOldEnough(rule, main.coverage, short.coverage) ? 'failing' : 'insufficient';
}

/** Fast tiers never wait. */
function isOldEnough(rule: Rule, main: number, short: number): boolean {
  if (rule.kind === 'exhausted') return main >= YOUNG_COVERAGE;
  return rule.tier.severity === 'page' || short >= COVERED;
}
