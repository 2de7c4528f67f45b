import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { AppError } from '../kernel/errors';
import { inTemporaryFolder } from '../../test/support/temporary-folder';
import { loadObjectives, objectivesFromYaml } from './objective-file';
import {
  DEFAULT_OBJECTIVES,
  minimumEvents,
  passEvents,
  WRITTEN_OBJECTIVES,
  type WrittenObjective,
} from './objectives';

const SCRAPE_MS = 15_000;
const [SUCCESS, LATENCY] = WRITTEN_OBJECTIVES as [WrittenObjective, WrittenObjective];

function faultsOf(content: unknown, scrapeIntervalMs = SCRAPE_MS): readonly string[] {
  try {
    objectivesFromYaml(typeof content === 'string' ? content : stringify(content), scrapeIntervalMs, 'file');
  } catch (error) {
    if (error instanceof AppError && error.code === 'config.invalid') return error.facts.faults as string[];
    throw error;
  }
  return [];
}

const faultsOfOne = (over: object, base = SUCCESS): readonly string[] =>
  faultsOf({ objectives: [{ ...base, ...over }] });

describe('the default objectives', () => {
  test('keep every rule that a file must keep', () => {
    expect(loadObjectives({ scrapeIntervalMs: SCRAPE_MS })).toEqual(DEFAULT_OBJECTIVES);
  });

  test('are the same when they are written as YAML', () => {
    const text = stringify({ objectives: WRITTEN_OBJECTIVES });
    expect(objectivesFromYaml(text, SCRAPE_MS, 'file')).toEqual(DEFAULT_OBJECTIVES);
  });

  test.each([
    ['command-success', 1_000, 2_995, [209, 500, 1_000, 3_000]],
    ['command-latency', 10_000, 299, [18, 54, 108]],
    ['packet-loss', 10_000, 299, [21, 50, 100]],
    ['decode-errors', 1_000, 2_995, [209, 500, 1_000]],
    ['queue-full', 10_000, 299, [50, 300]],
  ])('%s has its budget and the evidence that it wants', (name, budget, pass, tiers) => {
    const objective = DEFAULT_OBJECTIVES.find((candidate) => candidate.name === name);
    if (!objective) throw new Error(`no ${name}`);
    expect(objective.budgetPpm).toBe(budget);
    expect(passEvents(objective)).toBe(pass);
    expect(objective.tiers.map(({ factor }) => minimumEvents(objective, factor))).toEqual(tiers);
  });
});

describe('an objectives file', () => {
  test('is read from where it lies', () =>
    inTemporaryFolder((folder) => {
      const file = join(folder, 'objectives.yaml');
      writeFileSync(file, stringify({ objectives: [{ ...SUCCESS, target: 99.5, observeOnly: true }] }));
      const [objective] = loadObjectives({ file, scrapeIntervalMs: SCRAPE_MS });
      expect(objective).toMatchObject({ targetPercent: 99.5, budgetPpm: 5_000, observeOnly: true });
    }));

  test('that is not there is a fault that names it', () => {
    expect(() => loadObjectives({ file: '/nowhere/o.yaml', scrapeIntervalMs: SCRAPE_MS })).toThrow(
      '/nowhere/o.yaml has a fault: ENOENT',
    );
  });

  test.each<[string, unknown, string]>([
    ['not YAML', 'objectives: [', 'Flow sequence'],
    ['empty', '', 'expected object'],
    ['without objectives', 'objectives: []', 'expected array to have >=1 items'],
    ['with a key nobody knows', { objectives: [], colour: 'red' }, 'Unrecognized key: "colour"'],
    ['with two of one name', { objectives: [SUCCESS, SUCCESS] }, 'two objectives have this name'],
    [
      'with two whose alerts would be one',
      {
        objectives: [
          { ...SUCCESS, name: 'lab-1' },
          { ...SUCCESS, name: 'lab1' },
        ],
      },
      'lab1: its alerts would be called like those of lab-1',
    ],
  ])('is refused when it is %s', (_what, content, fault) => {
    expect(faultsOf(content).join('; ')).toContain(fault);
  });

  test.each<[string, object, string]>([
    ['a target of 100 %', { target: 100 }, '100 leaves no budget'],
    ['a target of 0 %', { target: 0 }, 'target 0 is none'],
    ['a target with five decimals', { target: 99.99999 }, 'at most four decimals'],
    ['a window that is none', { window: '30 days' }, 'a duration is a whole number of minutes'],
    ['a window in seconds', { window: '90s' }, 'a duration is a whole number of minutes'],
    ['a window that nobody keeps', { window: '90d' }, 'a window is at most 35d'],
    ['a name with capitals', { name: 'Success' }, 'small letters'],
    ['the name of the fast way back', { name: 'fast' }, 'the fast way back is called so'],
    ['a title of two lines', { title: 'Quick\nand good' }, 'a title is one line'],
    ['a title that is a template', { title: '{{ $value }}' }, 'without {{'],
    ['no tiers', { tiers: [] }, 'expected array to have >=1 items'],
    ['a half failure', { minimumFailures: 2.5 }, 'expected int'],
  ])('is refused for %s', (_what, over, fault) => {
    expect(faultsOfOne(over).join('; ')).toContain(fault);
  });

  test.each<[string, object, string]>([
    ['a factor that can never be seen', { factor: 1_001 }, 'factor 1001 can never be seen, 1000 is'],
    ['a factor with three decimals', { factor: 14.401 }, 'more than two decimals'],
    ['windows the wrong way round', { long: '5m', short: '1h' }, 'the short window is shorter'],
    ['a short window of three scrapes', { short: '1m' }, 'at least 4 scrapes, 80 s'],
    ['a long window beyond the whole', { long: '31d' }, 'longer than the objective'],
  ])('is refused for a tier with %s', (_what, over, fault) => {
    const tier = { long: '1h', short: '5m', factor: 14.4, severity: 'page', ...over };
    const faults = faultsOf({ objectives: [{ ...SUCCESS, tiers: [tier] }] }, 20_000);
    expect(faults.join('; ')).toContain(fault);
  });

  test('is refused for tiers that do not stand fastest first', () => {
    const tiers = [...SUCCESS.tiers].reverse();
    expect(faultsOfOne({ tiers })).toHaveLength(3);
  });

  test('takes a short window of exactly four scrapes', () => {
    const tiers = [{ long: '5m', short: '1m', factor: 6, severity: 'page' }];
    expect(faultsOfOne({ tiers })).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['a metric that nobody counts', { metric: 'tcp_comm_comand_total' }, 'counts nothing under the name'],
    [
      'a label that it has not',
      { metric: 'tcp_comm_command_total', where: { reason: ['x'] } },
      'chosen by reason',
    ],
    [
      'the label that the reader sets',
      { metric: 'tcp_comm_command_total', where: { transport: ['new'] } },
      'chosen by transport',
    ],
    [
      'a value that never occurs',
      { metric: 'tcp_comm_command_total', where: { outcome: ['failed'] } },
      'has no outcome="failed"',
    ],
    [
      'a metric without generation',
      { metric: 'tcp_comm_queue_full_total' },
      'not counted by transport and generation',
    ],
    ['a counter with a boundary', { metric: 'tcp_comm_transmission_total', above: 1 }, 'is no histogram'],
    [
      'a boundary between two buckets',
      { metric: 'tcp_comm_command_latency_seconds', above: 1.2 },
      'no bucket boundary at 1.2 s, only at 0.05',
    ],
    ['a histogram without one', { metric: 'tcp_comm_command_latency_seconds' }, 'say above which boundary'],
  ])('is refused for bad events from %s', (_what, term, fault) => {
    expect(faultsOfOne({ bad: [term] }).join('; ')).toContain(fault);
  });

  test('is refused when every event would be bad', () => {
    expect(faultsOfOne({ bad: SUCCESS.all }).join()).toContain('every event would be bad');
  });

  test('takes the lab’s latency of 0.8 s', () => {
    const bad = [{ metric: 'tcp_comm_command_latency_seconds', above: 0.8 }];
    expect(faultsOfOne({ bad }, LATENCY)).toEqual([]);
  });

  test('is told all its faults at once', () => {
    const faults = faultsOf({
      objectives: [
        { ...SUCCESS, target: 100 },
        { ...LATENCY, window: '90d' },
      ],
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['command-success', 'command-latency']);
  });
});
