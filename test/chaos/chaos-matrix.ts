import type { Fact } from '../../src/kernel/facts';
import type { Outcome } from '../../src/kernel/words';
import { CALM, type ChaosSettings } from '../../src/simulator/chaos-settings';
import type { FamilyName } from '../../src/simulator/families';
import type { TimingName } from '../../src/simulator/timing';
import type { Receipt } from '../../src/transport/transport';
import { ChaosStack } from './chaos-stack';
import { bothWays, toDevice } from './faults';
import { runCommands } from './load';

/** What goes wrong in one row of the matrix. */
export interface Condition {
  readonly name: string;
  readonly chaos: ChaosSettings;
}

/** One row of the matrix for one family. */
export interface Trial {
  readonly condition: Condition;
  readonly family: FamilyName;
  readonly timing: TimingName;
  readonly devices: number;
  readonly perDevice: number;
  readonly seed: number;
  /** Settings of the application, other than its own. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** How it went. Milliseconds are those of the clock that the test moves, so they are exact. */
export interface Measured {
  readonly trial: Trial;
  readonly commands: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** From leaving the lane to the end, of the commands that were applied. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly retransmits: number;
  /** Of those: the first transmission was answered after all. */
  readonly needless: number;
  readonly duplicatesReceived: number;
  readonly duplicatesExecuted: number;
}

const loss = (rate: number) => ({ loss: { rate, pattern: [] } });

export const BASELINE: Condition = { name: 'baseline', chaos: CALM };

/** The conditions that the programme names (protocol 6.6), loss also both ways. */
export const CONDITIONS: readonly Condition[] = [
  BASELINE,
  { name: '5 % loss', chaos: toDevice(loss(0.05)) },
  { name: '20 % loss', chaos: toDevice(loss(0.2)) },
  { name: '5 % loss, both ways', chaos: bothWays(loss(0.05)) },
  { name: '20 % loss, both ways', chaos: bothWays(loss(0.2)) },
  { name: '500 ms latency', chaos: toDevice({ latency: { ms: 500, jitterMs: 50 } }) },
  { name: '50 % duplicates, both ways', chaos: bothWays({ duplicates: { rate: 0.5 } }) },
  {
    name: '30 % reordered by 100 ms, both ways',
    chaos: bothWays({ reordering: { rate: 0.3, delayMs: 100 } }),
  },
  {
    name: '10 % loss + 100 ms + 10 % duplicates + 10 % reordered',
    chaos: toDevice({
      ...loss(0.1),
      latency: { ms: 100, jitterMs: 5 },
      duplicates: { rate: 0.1 },
      reordering: { rate: 0.1, delayMs: 100 },
    }),
  },
];

/** Repeats enough for every row, so that what limits an outage does not limit what is measured. */
export const AMPLE_BUDGET = { capacity: 1_000_000, perTransmission: 1 };

/** The share of commands that the programme wants applied, by condition (protocol 6.6); lossless ones: all. */
export const WANTED: Readonly<Record<string, number>> = {
  '5 % loss': 0.995,
  '20 % loss': 0.99,
  '10 % loss + 100 ms + 10 % duplicates + 10 % reordered': 0.98,
};

/** One family for each way of treating a repeated command. */
export const REPEAT_FAMILIES = {
  'discards, replies again': 'bulb',
  'discards in silence': 'plug',
  'executes again': 'switch',
} as const satisfies Record<string, FamilyName>;

/** Runs one row. */
export async function measure(trial: Trial): Promise<Measured> {
  const { condition, family, timing, devices: size, perDevice, seed, settings = {} } = trial;
  let retransmits = 0;
  let needless = 0;
  const observe = (fact: Fact): void => {
    if (fact.kind === 'transmission' && fact.repeated) retransmits += 1;
    if (fact.kind === 'early_repeat') needless += fact.count;
  };
  const fleet = { size, timing, mix: { [family]: 1 } };
  const stack = await ChaosStack.start({ fleet, seed, settings, observe });
  stack.fleet.useChaos(condition.chaos);
  const receipts = await runCommands(stack, { perDevice });
  // Late answers decide which repeats were needless.
  await stack.clock.advanceAsync(10_000);
  const { repeats, executedRepeats } = stack.fleet.totals();
  await stack.stop();
  return {
    trial,
    commands: receipts.length,
    outcomes: outcomesOf(receipts),
    latencyMs: percentiles(receipts),
    retransmits,
    needless,
    duplicatesReceived: repeats,
    duplicatesExecuted: executedRepeats,
  };
}

function outcomesOf(receipts: readonly Receipt[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of receipts) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function percentiles(receipts: readonly Receipt[]): Measured['latencyMs'] {
  const applied = receipts.filter(({ outcome }) => outcome === 'applied').map(({ latencyMs }) => latencyMs);
  applied.sort((one, other) => one - other);
  const at = (share: number): number => applied[Math.ceil(share * applied.length) - 1] ?? NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** The share of commands that were applied, 0…1. */
export function successOf({ outcomes, commands }: Measured): number {
  return (outcomes.applied ?? 0) / commands;
}

/** The measured rows as a table in Markdown; `label` says what is special about a row. */
export function tableOf(rows: readonly Measured[], label: (row: Measured) => string): string {
  const head = [
    'what goes wrong',
    'success',
    'p50',
    'p95',
    'p99',
    'retransmits',
    'needless',
    'repeats that arrived',
    'repeats executed',
    'not applied',
  ];
  const lines = rows.map((row) => [label(row), ...figuresOf(row)]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function figuresOf(row: Measured): string[] {
  const { latencyMs, retransmits, needless, commands, duplicatesReceived, duplicatesExecuted, outcomes } =
    row;
  const failed = Object.entries(outcomes).filter(([outcome]) => outcome !== 'applied');
  return [
    percent(successOf(row)),
    ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map((ms) => `${ms.toFixed(0)} ms`),
    `${retransmits} (${percent(retransmits / commands)})`,
    `${needless}`,
    `${duplicatesReceived}`,
    `${duplicatesExecuted}`,
    failed.map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'none',
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
