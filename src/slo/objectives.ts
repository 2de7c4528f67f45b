import { TRANSMITTED_OUTCOMES } from '../kernel/words';
import { budgetPpmOf, eventsFor, eventsForClaim } from './budget';
import { durationOf } from './duration';

/** Series of the metric catalogue that are added up. */
export interface Term {
  /** Its name on `/metrics`, without the suffixes of a histogram. */
  readonly metric: string;
  /** Label → the values that count. A label that is not named counts with all its values. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** Of a histogram: only what took longer than this boundary of its buckets. */
  readonly aboveSeconds?: number | undefined;
}

/** Burns when the share of bad events is above factor × budget in both windows. */
export interface Tier {
  readonly longMs: number;
  readonly shortMs: number;
  readonly factor: number;
  /** `page`: somebody is woken, and the rollout goes back at once. `ticket`: it fails the objective, and goes back when that lasts. */
  readonly severity: 'page' | 'ticket';
}

/** A promise about all events: at most so many of them are bad. Its metrics carry `transport` and `generation`. */
export interface Objective {
  /** Label value `slo`, and the name under which it is asked for. */
  readonly name: string;
  /** What it promises, in a few words. */
  readonly title: string;
  /** Good events wanted, in percent. */
  readonly targetPercent: number;
  /** Bad events allowed, in parts per million: exactly 100 % less the target. */
  readonly budgetPpm: number;
  readonly windowMs: number;
  readonly bad: readonly Term[];
  readonly all: readonly Term[];
  /** Fastest first. */
  readonly tiers: readonly Tier[];
  /** Is judged and shown, and demands nothing. */
  readonly observeOnly: boolean;
  /** Failures that must have been seen before anything is held against a transport. */
  readonly minimumFailures: number;
}

/** How one objective of the defaults is written down; the file of a user says the same in YAML. */
export interface WrittenObjective {
  readonly name: string;
  readonly title: string;
  readonly target: number;
  readonly window: string;
  readonly bad: readonly WrittenTerm[];
  readonly all: readonly WrittenTerm[];
  readonly tiers: readonly {
    readonly long: string;
    readonly short: string;
    readonly factor: number;
    readonly severity: Tier['severity'];
  }[];
  readonly observeOnly?: boolean | undefined;
  readonly minimumFailures?: number | undefined;
}

interface WrittenTerm {
  readonly metric: string;
  readonly where?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly above?: number | undefined;
}

export const DEFAULT_MINIMUM_FAILURES = 3;

const COMMANDS = 'tcp_comm_command_total';
const LATENCY = 'tcp_comm_command_latency_seconds';

const UNDELIVERED = TRANSMITTED_OUTCOMES.filter((outcome) => outcome !== 'applied');
const NEVER_LEFT = ['queue_full', 'expired'];

const DAY_TIERS: WrittenObjective['tiers'] = [
  { long: '15m', short: '2m', factor: 14.4, severity: 'page' },
  { long: '1h', short: '5m', factor: 6, severity: 'page' },
  { long: '4h', short: '20m', factor: 3, severity: 'ticket' },
];

/** The five objectives of the programme. Targets are those of the new transport. */
export const WRITTEN_OBJECTIVES: readonly WrittenObjective[] = [
  {
    name: 'command-success',
    title: 'Commands that were transmitted are applied within their deadline',
    target: 99.9,
    window: '30d',
    bad: [{ metric: COMMANDS, where: { outcome: UNDELIVERED } }],
    all: [{ metric: COMMANDS, where: { outcome: TRANSMITTED_OUTCOMES } }],
    tiers: [
      { long: '1h', short: '5m', factor: 14.4, severity: 'page' },
      { long: '6h', short: '30m', factor: 6, severity: 'page' },
      { long: '1d', short: '2h', factor: 3, severity: 'ticket' },
      { long: '3d', short: '6h', factor: 1, severity: 'ticket' },
    ],
  },
  {
    name: 'command-latency',
    title: 'Commands that were transmitted are applied within 1.5 s',
    target: 99,
    window: '7d',
    bad: [{ metric: LATENCY, above: 1.5 }],
    all: [{ metric: LATENCY }],
    tiers: [
      { long: '1h', short: '5m', factor: 16.8, severity: 'page' },
      { long: '6h', short: '30m', factor: 5.6, severity: 'page' },
      { long: '1d', short: '2h', factor: 2.8, severity: 'ticket' },
    ],
  },
  {
    name: 'packet-loss',
    title: 'Transmissions get a receipt before the deadline of their command',
    target: 99,
    window: '1d',
    bad: [{ metric: 'tcp_comm_transmission_unanswered_total' }],
    all: [{ metric: 'tcp_comm_transmission_total' }],
    tiers: DAY_TIERS,
  },
  {
    name: 'decode-errors',
    title: 'Packets that devices send can be read',
    target: 99.9,
    window: '1d',
    bad: [{ metric: 'tcp_comm_decode_errors_total' }],
    // A packet whose body does not parse is not among those received.
    all: [
      { metric: 'tcp_comm_packet_recv_total' },
      { metric: 'tcp_comm_decode_errors_total', where: { reason: ['malformed_packet'] } },
    ],
    tiers: DAY_TIERS,
  },
  {
    name: 'queue-full',
    title: 'Commands find room in the lane of their device and leave it in time',
    target: 99,
    window: '1h',
    bad: [{ metric: COMMANDS, where: { outcome: NEVER_LEFT } }],
    all: [{ metric: COMMANDS, where: { outcome: [...TRANSMITTED_OUTCOMES, ...NEVER_LEFT] } }],
    tiers: [
      { long: '5m', short: '1m', factor: 6, severity: 'page' },
      { long: '1h', short: '5m', factor: 1, severity: 'ticket' },
    ],
  },
];

/** The objective that was written down. What it says has been checked before (objective-rules.ts). */
export function objectiveOf(written: WrittenObjective): Objective {
  return {
    name: written.name,
    title: written.title,
    targetPercent: written.target,
    budgetPpm: budgetPpmOf(written.target) ?? NaN,
    windowMs: durationOf(written.window) ?? NaN,
    bad: written.bad.map(termOf),
    all: written.all.map(termOf),
    tiers: written.tiers.map(({ long, short, factor, severity }) => ({
      longMs: durationOf(long) ?? NaN,
      shortMs: durationOf(short) ?? NaN,
      factor,
      severity,
    })),
    observeOnly: written.observeOnly ?? false,
    minimumFailures: written.minimumFailures ?? DEFAULT_MINIMUM_FAILURES,
  };
}

function termOf({ metric, where = {}, above }: WrittenTerm): Term {
  return { metric, where, ...(above === undefined ? {} : { aboveSeconds: above }) };
}

export const DEFAULT_OBJECTIVES: readonly Objective[] = WRITTEN_OBJECTIVES.map(objectiveOf);

/** The window over which rates are recorded: the shortest one that any tier asks for. */
export function baseWindowMs({ tiers }: Objective): number {
  return Math.min(...tiers.map(({ shortMs }) => shortMs));
}

/** Every window that a tier asks for, shortest first, each once. */
export function tierWindowsMs({ tiers }: Objective): number[] {
  const all = tiers.flatMap(({ longMs, shortMs }) => [longMs, shortMs]);
  return [...new Set(all)].sort((one, other) => one - other);
}

/** Events in the long window before a burn of this factor is believed: 209 for 99.9 % at 14.4 and three failures. */
export function minimumEvents({ minimumFailures, budgetPpm }: Objective, factor: number): number {
  return eventsFor(minimumFailures, factor, budgetPpm);
}

/** Events that a verdict of `pass` wants: as many as show the target when none of them fails. */
export function passEvents({ budgetPpm }: Objective): number {
  return eventsForClaim(budgetPpm);
}
