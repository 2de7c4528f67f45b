import { defaultLadder } from './default-ladder';
import type { Gate, Ladder, Stage } from './ladder';
import { lintLadder, type LintParts } from './lint-ladder';
import { DEFAULT_OBJECTIVES } from '../slo/objectives';
import type { LintedObjective } from './lint-objectives';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const success: LintedObjective = {
  name: 'command-success',
  budgetPpm: 1_000,
  windowMs: 30 * DAY_MS,
  tiers: [
    { longMs: HOUR_MS, shortMs: 5 * 60_000, factor: 14.4 },
    { longMs: 3 * DAY_MS, shortMs: 6 * HOUR_MS, factor: 1 },
  ],
};
const queue: LintedObjective = {
  name: 'queue-full',
  budgetPpm: 10_000,
  windowMs: HOUR_MS,
  tiers: [{ longMs: 5 * 60_000, shortMs: 60_000, factor: 6 }],
};

/** The default ladder whose second stage, of 10 %, is changed. */
function tenth(over: Partial<Stage>): Ladder {
  const { stages, freezes } = defaultLadder();
  const [first, second, ...rest] = stages;
  if (!second) throw new Error('no second stage');
  return { freezes, stages: [first, { ...second, ...over }, ...rest] };
}
const withGate = (gate: Gate): Ladder => tenth({ gates: [gate] });

/** Rule and place of each finding. */
function lint(over: Partial<LintParts> = {}): string[] {
  return lintLadder({ ladder: defaultLadder(), maxStep: 25, ...over }).map(
    ({ rule, where }) => `${rule} ${where}`,
  );
}
function sentence(over: Partial<LintParts>): string | undefined {
  return lintLadder({ ladder: defaultLadder(), maxStep: 25, ...over })[0]?.sentence;
}

describe('the linter', () => {
  test('has nothing against the default ladder on an ordinary fleet', () => {
    const fleet = { devices: 10_000, commandsPerSecond: 10 };
    expect(lint({ fleet, objectives: [success, queue], scrapeIntervalMs: 15_000 })).toEqual([]);
    expect(lint()).toEqual([]);
    expect(lint({ fleet, objectives: DEFAULT_OBJECTIVES, scrapeIntervalMs: 15_000 })).toEqual([]);
  });

  test.each<[string, Partial<LintParts>, string]>([
    [
      'evidence that a small fleet never gathers',
      { fleet: { devices: 10, commandsPerSecond: 0.01 } },
      'evidence-out-of-reach stages.1.gates.1',
    ],
    [
      'evidence that does not gather in the window of its objective',
      {
        fleet: { devices: 1_000, commandsPerSecond: 1 },
        objectives: [success, queue],
        ladder: withGate({ kind: 'evidence', name: 'x', objective: 'queue-full', clean: 2_995 }),
      },
      'evidence-out-of-reach stages.1.gates.0',
    ],
    [
      'evidence of the new transport at 0 %',
      {
        ladder: {
          ...defaultLadder(),
          stages: [
            {
              ...defaultLadder().stages[0],
              gates: [{ kind: 'evidence', name: 'x', objective: 'command-success', clean: 1 }],
            },
            ...defaultLadder().stages.slice(1),
          ],
        },
      },
      'evidence-out-of-reach stages.0.gates.0',
    ],
    [
      'comparisons without a mirror',
      { ladder: withGate({ kind: 'mirror', name: 'x', agree: 99, compared: 10, onFail: 'hold' }) },
      'mirror-out-of-reach stages.1.gates.0',
    ],
    [
      'comparisons that a quiet fleet never makes',
      {
        ladder: withGate({ kind: 'coverage', name: 'x', spoken: 1 }),
        fleet: { devices: 1, commandsPerSecond: 0.001 },
      },
      'mirror-out-of-reach stages.0.gates.0',
    ],
    [
      'days that do not fit into the hold',
      { ladder: withGate({ kind: 'days', name: 'x', objective: 'all', days: 4, onFail: 'hold' }) },
      'hold-shorter-than-window stages.1.gates.0',
    ],
    [
      'a hold shorter than the slowest look at an objective',
      { ladder: tenth({ holdMs: 2 * DAY_MS }), objectives: [success] },
      'hold-shorter-than-window stages.1.hold',
    ],
    [
      'a window of under four scrapes',
      { objectives: [queue], scrapeIntervalMs: 15_001, ladder: tenth({ gates: [] }) },
      'window-under-four-scrapes objectives.queue-full.tiers.0',
    ],
    [
      'a factor above 1/budget',
      {
        objectives: [{ ...queue, tiers: [{ longMs: HOUR_MS, shortMs: 60_000, factor: 101 }] }],
        ladder: tenth({ gates: [] }),
      },
      'factor-above-budget objectives.queue-full.tiers.0',
    ],
    [
      'a step that needs a person each time',
      { ladder: tenth({ percentage: 1 }), maxStep: 22.7 },
      'step-above-max stages.2.percentage',
    ],
    [
      'a percentage that falls',
      { ladder: tenth({ percentage: 30 }), maxStep: 50 },
      'percentage-falls stages.2.percentage',
    ],
    ['two stages of one name', { ladder: tenth({ name: 'full' }) }, 'stage-name-twice stages.6.name'],
    [
      'a zone that does not exist',
      {
        ladder: withGate({
          kind: 'window',
          name: 'x',
          window: { days: ['mon'], fromMinute: 0, toMinute: 1, zone: 'Mars/Base' },
        }),
      },
      'unknown-zone stages.1.gates.0',
    ],
    [
      'an objective that does not exist',
      {
        objectives: [queue],
        ladder: withGate({ kind: 'budget', name: 'x', objective: 'luck', above: 1, onFail: 'hold' }),
      },
      'unknown-objective stages.1.gates.0',
    ],
    [
      'a budget that is never left',
      { ladder: withGate({ kind: 'budget', name: 'x', objective: 'all', above: 100, onFail: 'hold' }) },
      'budget-out-of-reach stages.1.gates.0',
    ],
    [
      'approval by a role that cannot',
      { ladder: withGate({ kind: 'approval', name: 'x', role: 'viewer', count: 1 }) },
      'unknown-role stages.1.gates.0',
    ],
    [
      'coverage of nobody',
      {
        ladder: {
          ...defaultLadder(),
          stages: [
            { ...defaultLadder().stages[0], gates: [{ kind: 'coverage', name: 'x', spoken: 50 }] },
            ...defaultLadder().stages.slice(1),
          ],
        },
      },
      'coverage-at-zero stages.0.gates.0',
    ],
  ])('refuses %s', (_name, over, expected) => {
    expect(lint(over)).toContain(expected);
  });

  test('refuses gates that nobody will ever ask', () => {
    const { stages, freezes } = defaultLadder();
    const [first] = stages;
    const last = {
      ...first,
      name: 'end',
      percentage: 20,
      gates: [{ kind: 'drill', name: 'x', withinMs: 1 }] as const,
    };
    expect(lint({ ladder: { freezes, stages: [{ ...first, gates: [] }, last] } })).toEqual([
      'gates-after-the-end stages.1.gates',
    ]);
  });

  test('says what does not fit, with the numbers', () => {
    expect(sentence({ fleet: { devices: 10, commandsPerSecond: 0.01 } })).toBe(
      '2,995 good events are needed, and 10 devices with 0.01 commands/s give the new transport 2,462 in 30 d at 10 %',
    );
    expect(sentence({ maxStep: 20 })).toBe(
      "from canary-25 to canary-50 23.75 % of the devices move, more than the 20 % that rollout.maxStep allows without a person's confirmation",
    );
  });
});
