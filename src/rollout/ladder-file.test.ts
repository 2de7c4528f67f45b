import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import type { AppError } from '../kernel/errors';
import { defaultLadder } from './default-ladder';
import { loadLadder, parseLadder } from './ladder-file';
import { rungAbove, rungFor, rungOf } from './ladder';

const DAY_MS = 86_400_000;

const FULL = `
zone: Europe/Berlin
freezes:
  - { from: 2026-12-20, to: 2027-01-03, reason: nobody is there }
  - { from: "2026-11-27T08:00:00+01:00", to: "2026-11-27T20:00:00+01:00", reason: sale }
stages:
  - name: dark
    percentage: 0
    mirror: 50
    hold: 7d
    gates:
      - { kind: mirror, agree: 99.5, compared: 1000 }
      - { kind: approval, role: admin }
  - name: tenth
    percentage: 10
    holdback: 4
    hold: 90m
    resets: [failed_day, critical_pause]
    gates:
      - { kind: objective, objective: command-success, atLeast: 99.5, onFail: rollback }
      - { kind: objective, name: all of them }
      - { kind: budget, above: 50, onFail: notify }
      - { kind: days, days: 3 }
      - { kind: evidence, objective: command-success, clean: 2995 }
      - { kind: window, window: { days: [tue, wed], from: "22:30", to: "02:00" } }
      - { kind: window, window: { from: "00:00", to: "24:00", zone: UTC } }
      - { kind: coverage, spoken: 60 }
      - { kind: drill, within: 30d }
  - name: end
    percentage: 100
`;

function faultsOf(text: string): readonly string[] {
  try {
    parseLadder(text, 5);
    return [];
  } catch (error) {
    return (error as AppError).facts.faults as readonly string[];
  }
}

const twoStages = (over: string): string =>
  `stages:\n  - { name: a, percentage: 0${over} }\n  - { name: b, percentage: 100 }`;
const withGate = (gate: string): string => twoStages(`, gates: [${gate}]`);

describe('a ladder of a file', () => {
  test('is read with its defaults filled in', () => {
    const { stages, freezes } = parseLadder(FULL, 5);
    expect(freezes).toEqual([
      {
        fromMs: Date.parse('2026-12-19T23:00Z'),
        toMs: Date.parse('2027-01-03T23:00Z'),
        reason: 'nobody is there',
      },
      { fromMs: Date.parse('2026-11-27T07:00Z'), toMs: Date.parse('2026-11-27T19:00Z'), reason: 'sale' },
    ]);
    expect(
      stages.map(({ name, percentage, mirror, holdback, holdMs }) => [
        name,
        percentage,
        mirror,
        holdback,
        holdMs,
      ]),
    ).toEqual([
      ['dark', 0, 50, 5, 7 * DAY_MS],
      ['tenth', 10, 0, 4, 90 * 60_000],
      ['end', 100, 0, 4, 0],
    ]);
    expect(stages[1]?.resets).toEqual({ failedDay: true, criticalPause: true });
    expect(stages[0].gates).toEqual([
      { kind: 'mirror', name: 'mirror', agree: 99.5, compared: 1_000, onFail: 'hold' },
      { kind: 'approval', name: 'approval by admin', role: 'admin', count: 1 },
    ]);
    expect(stages[1]?.gates).toMatchObject([
      { name: 'objective of command-success', atLeast: 99.5, onFail: 'rollback' },
      { name: 'all of them', objective: 'all', atLeast: undefined, onFail: 'hold' },
      { name: 'budget of all objectives', onFail: 'notify' },
      { name: 'days of all objectives', days: 3 },
      { name: 'evidence of command-success', clean: 2_995 },
      {
        name: 'window',
        window: { days: ['tue', 'wed'], fromMinute: 1_350, toMinute: 120, zone: 'Europe/Berlin' },
      },
      { name: 'window (7)', window: { fromMinute: 0, toMinute: 1_440, zone: 'UTC' } },
      { name: 'coverage', spoken: 60 },
      { name: 'drill', withinMs: 30 * DAY_MS },
    ]);
  });

  test('is the default one where no file is named', () => {
    expect(loadLadder(undefined, 7)).toEqual(defaultLadder(7));
  });

  test('is read from its file, and the file is named when it is at fault', () =>
    inTemporaryFolder((folder) => {
      const path = join(folder, 'ladder.yaml');
      writeFileSync(path, FULL);
      expect(loadLadder(path, 5).stages).toHaveLength(3);
      writeFileSync(path, 'stages: []');
      expect(() => loadLadder(path, 5)).toThrow(`${path} has a fault: stages:`);
      expect(() => loadLadder(join(folder, 'none.yaml'), 5)).toThrow(/none\.yaml has a fault: ENOENT/);
      return Promise.resolve();
    }));

  test('tells every fault at once, those of its order too', () => {
    const faults = faultsOf(`
zone: Europe/Berlim
speed: fast
freezes: [{ from: soon, to: later, reason: "" }]
stages:
  - { name: a, percentage: 5, hold: 3 days }
  - { name: a, percentage: 50, gates: [{ kind: guess }] }
  - { name: c, percentage: 10, gates: [{ kind: approval, role: admin, onFail: rollback }] }
`);
    expect(faults).toHaveLength(11);
    const text = faults.join('\n');
    for (const said of [
      'zone: an IANA time zone such as Europe/Berlin',
      'ladder: Unrecognized key: "speed"',
      'freezes.0.from: ',
      'freezes.0.to: ',
      'freezes.0.reason: ',
      'stages.0.hold: a duration is a number with its unit: 90s, 30m, 12h or 7d',
      'stages.1.gates.0.kind: ',
      'stages.2.gates.0: Unrecognized key: "onFail"',
      'stages.0.percentage: a ladder begins at 0 %, where a rollback leads, not at 5 %',
      'stages.2.percentage: 10 % comes after 50 %; stages are nested, so the percentage never falls',
      'stages.1.name: there is a stage called "a" already',
    ])
      expect(text).toContain(said);
  });

  test.each([
    [
      'a mode that is not sticky',
      `sticky: false\n${twoStages('')}`,
      /^sticky: sticky: false is refused: devices stay where they were put/,
    ],
    [
      'a stage that is not sticky',
      twoStages(', sticky: false'),
      /^stages\.0\.sticky: sticky: false is refused/,
    ],
    [
      'a holdback that rises',
      'stages: [{ name: a, percentage: 0 }, { name: b, percentage: 9, holdback: 10 }]',
      /holdback of 10 % comes after one of 5 %/,
    ],
    ['a percentage of four decimals', twoStages(', mirror: 0.0001'), /at most three decimals/],
    [
      'two gates of one name',
      withGate('{ kind: drill, within: 1d, name: x }, { kind: coverage, spoken: 1, name: x }'),
      /gates\.1\.name: there is a gate called "x" already/,
    ],
    [
      'a window without a width',
      withGate('{ kind: window, window: { from: "02:00", to: "02:00" } }'),
      /ends at another time than it begins/,
    ],
    [
      'an hour that does not exist',
      withGate('{ kind: window, window: { from: "25:00", to: "02:00" } }'),
      /hours and minutes: 02:30/,
    ],
    [
      'a zone that does not exist',
      withGate('{ kind: window, window: { from: "01:00", to: "02:00", zone: Berlin } }'),
      /an IANA time zone/,
    ],
    [
      'a freeze that ends before it begins',
      `freezes: [{ from: 2026-12-20, to: 2026-12-18, reason: x }]\n${twoStages('')}`,
      /freezes\.0: it ends before it begins/,
    ],
    [
      'a day that does not exist',
      `freezes: [{ from: 2026-02-30, to: 2026-03-18, reason: x }]\n${twoStages('')}`,
      /freezes\.0\.from/,
    ],
    ['one stage', 'stages: [{ name: a, percentage: 0 }]', /^stages: /],
    ['a list', '- a\n- b', /^ladder: /],
    ['nothing', '', /^ladder: /],
    ['no YAML', 'stages: [', /./],
  ])('is refused with %s', (_name, text, fault) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });
});

describe('a place on the ladder', () => {
  const ladder = defaultLadder();
  const name = (percentage: number): string => rungFor(ladder, percentage).stage.name;

  test('of a percentage is the lowest stage of the highest percentage that it reaches', () => {
    expect([0, 9.999, 10, 24.999, 60, 99.999, 100].map(name)).toEqual([
      'dark-launch',
      'dark-launch',
      'canary-10',
      'canary-10',
      'canary-50',
      'canary-90',
      'full',
    ]);
  });

  test('is the one that was stored as long as the percentage reaches it', () => {
    const stored = (stage: string, percentage: number) => rungOf(ladder, { stage }, percentage).stage.name;
    expect(stored('validation', 100)).toBe('validation');
    expect(stored('validation', 99)).toBe('canary-90');
    expect(stored('a stage of another ladder', 25)).toBe('canary-25');
    expect(stored('', 0)).toBe('dark-launch');
  });

  test('has one above it until the end', () => {
    expect(rungAbove(ladder, rungFor(ladder, 90))?.stage.name).toBe('full');
    expect(rungAbove(ladder, rungOf(ladder, { stage: 'removal-ready' }, 100))).toBeUndefined();
  });
});

describe('the guide', () => {
  test('shows the default ladder as it is', () => {
    const guide = readFileSync(join(__dirname, '../../docs/rollout.md'), 'utf8');
    const yaml = /```yaml\n([^]*?)```/.exec(guide)?.[1];
    expect(parseLadder(yaml ?? '', 5)).toEqual(defaultLadder(5));
  });
});
