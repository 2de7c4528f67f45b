import { budgetPpmOf, isFactor, maxFactor } from './budget';
import { durationText } from './duration';
import { definitionOf } from './metric-lookup';
import { objectiveOf, type Objective, type Term, type WrittenObjective } from './objectives';
import { alertStem, FAST_ROLLBACK } from './rollback-alerts';

const DAY_MS = 24 * 60 * 60_000;
/** The longest window that is kept in process. */
export const LONGEST_WINDOW_MS = 35 * DAY_MS;
/** A rate over fewer scrapes than these is empty, or jumps. */
const SCRAPES_PER_WINDOW = 4;

/** Labels that the reader sets itself. */
const RESERVED: ReadonlySet<string> = new Set(['transport', 'generation']);

/** What the shape of a file cannot say: every rule that an objective breaks, in sentences. */
export function faultsOfObjective(written: WrittenObjective, scrapeIntervalMs: number): string[] {
  const objective = objectiveOf(written);
  const faults = [
    ...faultsOfTarget(objective),
    ...faultsOfWindow(objective),
    ...faultsOfTiers(objective, scrapeIntervalMs),
    ...objective.all.flatMap((term) => faultsOfTerm(term, 'all')),
    ...objective.bad.flatMap((term) => faultsOfTerm(term, 'bad')),
    ...(JSON.stringify(objective.bad) === JSON.stringify(objective.all)
      ? ['bad and all count the same series, so every event would be bad']
      : []),
  ];
  return faults.map((fault) => `${written.name}: ${fault}`);
}

/** Alerts are named after objectives, without the dashes: `a-1` and `a1` would have the same ones. */
export function faultsOfNames(written: readonly WrittenObjective[]): string[] {
  return written.flatMap(({ name }, at) => {
    if (`${alertStem({ name })}Rollback` === FAST_ROLLBACK)
      return [`${name}: the fast way back is called so`];
    const first = written.findIndex((other) => alertStem(other) === alertStem({ name }));
    if (first === at) return [];
    return written[first]?.name === name
      ? [`${name}: two objectives have this name`]
      : [`${name}: its alerts would be called like those of ${written[first]?.name}`];
  });
}

function faultsOfTarget({ targetPercent }: Objective): string[] {
  if (budgetPpmOf(targetPercent) !== undefined) return [];
  return [
    `target ${targetPercent} is none: a target is above 0 and below 100 with at most four decimals; 100 leaves no budget, and no burn to measure`,
  ];
}

function faultsOfWindow({ windowMs }: Objective): string[] {
  if (windowMs <= LONGEST_WINDOW_MS) return [];
  return [`a window is at most ${durationText(LONGEST_WINDOW_MS)}`];
}

function faultsOfTiers(objective: Objective, scrapeIntervalMs: number): string[] {
  const { tiers, windowMs, budgetPpm } = objective;
  const least = SCRAPES_PER_WINDOW * scrapeIntervalMs;
  return tiers.flatMap(({ longMs, shortMs, factor }, at) => {
    const tier = `tier ${durationText(longMs)}/${durationText(shortMs)}`;
    const before = tiers[at - 1];
    return [
      ...(shortMs < longMs ? [] : [`${tier}: the short window is shorter than the long one`]),
      ...(longMs <= windowMs ? [] : [`${tier}: the long window is longer than the objective's`]),
      ...(shortMs >= least
        ? []
        : [`${tier}: a window is at least ${SCRAPES_PER_WINDOW} scrapes, ${least / 1000} s; lengthen it`]),
      ...(isFactor(factor) ? [] : [`${tier}: factor ${factor} has more than two decimals`]),
      ...(Number.isNaN(budgetPpm) || factor <= maxFactor(budgetPpm)
        ? []
        : [`${tier}: factor ${factor} can never be seen, ${maxFactor(budgetPpm)} is every event bad`]),
      ...(before === undefined || before.factor > factor ? [] : [`${tier}: tiers stand fastest first`]),
    ];
  });
}

function faultsOfTerm({ metric, where, aboveSeconds }: Term, side: 'bad' | 'all'): string[] {
  const definition = definitionOf(metric);
  if (definition === undefined || definition.type === 'gauge')
    return [`${side}: the program counts nothing under the name ${metric}`];
  const faults = Object.entries(where).flatMap(([label, values]) => {
    const known = definition.values[definition.labels.indexOf(label)];
    if (known === undefined || RESERVED.has(label))
      return [`${side}: ${metric} cannot be chosen by ${label}`];
    return values
      .filter((value) => !known.includes(value))
      .map((value) => `${side}: ${metric} has no ${label}="${value}"`);
  });
  if (!definition.perGeneration || definition.labels[0] !== 'transport')
    faults.push(`${side}: ${metric} is not counted by transport and generation`);
  return [...faults, ...faultsOfBoundary({ metric, where, aboveSeconds }, side)];
}

function faultsOfBoundary({ metric, aboveSeconds }: Term, side: 'bad' | 'all'): string[] {
  const definition = definitionOf(metric);
  const buckets = definition?.buckets ?? [];
  if (definition?.type !== 'histogram')
    return aboveSeconds === undefined ? [] : [`${side}: ${metric} is no histogram, above says nothing`];
  if (aboveSeconds === undefined)
    return side === 'bad' ? [`bad: of the histogram ${metric}, say above which boundary`] : [];
  if (buckets.includes(aboveSeconds)) return [];
  return [`${side}: ${metric} has no bucket boundary at ${aboveSeconds} s, only at ${buckets.join(', ')}`];
}
