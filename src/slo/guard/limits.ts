import type { GuardRates } from '../verdict';

const LOOKS_PER_DAY = 86_400;
/** The limits hold up to twice the rates that were measured. */
const HEADROOM = 2;

/** What the limits of the two streams follow from. */
export interface LimitInputs {
  /** "Less than one false rollback in so many days." */
  readonly falseAlarmDays: number;
  /** Rules that may each give a false alarm, the run rule among them. */
  readonly rules: number;
  /** Guards that decide independently of each other. */
  readonly deciders: number;
  /** Share of traffic on the new transport at this stage, 0…1. */
  readonly share: number;
  /** Events per second of the whole fleet while everything was on legacy; null when never measured. */
  readonly rates: GuardRates | null;
}

/** How many looks a day can begin a false alarm, and the limit that follows. */
export interface Limit {
  readonly looksPerDay: number;
  /** In nats. */
  readonly nats: number;
}

export interface Limits {
  readonly failures: Limit;
  readonly breakages: Limit;
}

/**
 * Evidence starts afresh only at looks with an event on legacy. Each start reaches `h` with a chance of at most
 * e^-h, so with that many starts a day the limit below keeps false alarms of all rules together under one in
 * `falseAlarmDays`.
 */
export function limitsOf(inputs: LimitInputs): Limits {
  return {
    failures: limitOf(inputs, inputs.rates?.firstFailures),
    breakages: limitOf(inputs, inputs.rates?.breakages),
  };
}

/** Looks per day that count at least one event on legacy. Unknown rates count every look. */
export function looksWithEvent(rate: number | undefined, share: number): number {
  if (rate === undefined) return LOOKS_PER_DAY;
  return Math.max(1, LOOKS_PER_DAY * (1 - Math.exp(-HEADROOM * rate * (1 - share))));
}

function limitOf({ falseAlarmDays, rules, deciders, share }: LimitInputs, rate: number | undefined): Limit {
  const looksPerDay = looksWithEvent(rate, share);
  return { looksPerDay, nats: Math.log(rules * falseAlarmDays * deciders * looksPerDay) };
}
