import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '../../kernel/manual-clock';
import { Recorder } from '../../telemetry/recorder';
import { planFact, settledFact, EVERY_FACT } from '../../../test/support/every-fact';
import { RecordedFacts } from '../../../test/support/recorded-facts';
import { inTemporaryFolder } from '../../../test/support/temporary-folder';
import { DEFAULT_OBJECTIVES, type Objective } from '../objectives';
import type { Reading, Scope } from '../readings';
import { CountCells } from './count-cells';
import { HistoryFile } from './history-file';
import { OwnHistory } from './own-history';
import { ProcessReader } from './reader';
import { Slots } from './slots';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LIMITS = { fineMs: 25 * HOUR, keptMs: 35 * DAY, maxCells: 5_000 };

const objectiveOf = (name: string): Objective => {
  const found = DEFAULT_OBJECTIVES.find((objective) => objective.name === name);
  if (!found) throw new Error(name);
  return found;
};
const SUCCESS = objectiveOf('command-success');

function bench(clock = new ManualClock(), limits = LIMITS) {
  const recorder = new Recorder(1);
  const slots = new Slots(DEFAULT_OBJECTIVES);
  const cells = new CountCells(slots.size, limits);
  const history = new OwnHistory({ counters: recorder, slots, cells, clock, maxSnapshots: 8 });
  recorder.whenGenerationEnds(() => void history.take());
  const reader = new ProcessReader({ history, cells, slots, clock });
  const pass = (ms: number): void => {
    clock.advance(ms);
    history.take();
  };
  const read = async (windowMs: number, scope: Scope, objective = SUCCESS): Promise<Reading> => {
    await reader.check();
    const readings = await reader.read({ objective, transport: 'new', scope, windowsMs: [windowMs] });
    if (readings.kind !== 'read') throw new Error(readings.why);
    return readings.byWindow.get(windowMs) as Reading;
  };
  return { clock, recorder, slots, cells, history, reader, pass, read };
}

describe("this process's own counts", () => {
  test('are bad and all of a window, and how much of it the process was there', async () => {
    const { recorder, pass, read } = bench();
    pass(MINUTE);
    recorder.record(settledFact());
    recorder.record(settledFact({ outcome: 'timeout' }));
    recorder.record(settledFact({ outcome: 'not_connected' }));
    pass(29 * MINUTE);
    expect(await read(HOUR, 1)).toEqual({ kind: 'counts', bad: 1, all: 2, coverage: 0.5 });
  });

  test('leave a window when they are older than it', async () => {
    const { recorder, pass, read } = bench();
    recorder.record(settledFact({ outcome: 'timeout' }));
    pass(MINUTE);
    for (let minute = 0; minute < 6; minute += 1) pass(MINUTE);
    expect(await read(5 * MINUTE, 1)).toMatchObject({ bad: 0, all: 0 });
    expect(await read(HOUR, 1)).toMatchObject({ bad: 1, all: 1 });
  });

  test('belong to their generation, to the last command of it, and to the whole', async () => {
    const { recorder, pass, read } = bench();
    pass(10_000);
    recorder.record(settledFact({ outcome: 'timeout' }));
    recorder.record(planFact(2));
    recorder.record(settledFact({ generation: 2 }));
    pass(10_000);
    expect(await read(HOUR, 1)).toMatchObject({ bad: 1, all: 1 });
    expect(await read(HOUR, 2)).toMatchObject({ bad: 0, all: 1 });
    expect(await read(HOUR, 'whole')).toMatchObject({ bad: 1, all: 2 });
  });

  test('of a generation that never was are no data, not zero', async () => {
    const { pass, read } = bench();
    pass(MINUTE);
    expect(await read(HOUR, 9)).toMatchObject({ kind: 'no_data' });
  });

  test.each([
    [
      'command-latency',
      [settledFact({ latencyMs: 1_400 }), settledFact({ latencyMs: 1_600 })],
      { bad: 1, all: 2 },
    ],
    ['command-latency', [settledFact({ outcome: 'timeout', latencyMs: 900 })], { bad: 1, all: 1 }],
    [
      'packet-loss',
      [
        EVERY_FACT.transmission,
        EVERY_FACT.transmission,
        EVERY_FACT.transmission,
        EVERY_FACT.transmission_unanswered,
      ],
      { bad: 2, all: 3 },
    ],
    ['decode-errors', [{ ...EVERY_FACT.decode_failed, part: 'packet' as const }], { bad: 1, all: 1 }],
    [
      'queue-full',
      [settledFact({ outcome: 'queue_full' }), settledFact({ outcome: 'expired' }), settledFact()],
      { bad: 2, all: 3 },
    ],
  ])('are those of %s', async (name, facts, counts) => {
    const { recorder, pass, read } = bench();
    for (const fact of facts) recorder.record(fact);
    pass(MINUTE);
    expect(await read(HOUR, 1, objectiveOf(name))).toMatchObject(counts);
  });

  test('are kept by the hour when they are old, and not at all when no window reaches them', async () => {
    const { recorder, cells, pass, read } = bench();
    for (let hour = 0; hour < 24 * 36; hour += 1) {
      recorder.record(settledFact());
      pass(HOUR);
    }
    expect(cells.size).toBeLessThanOrEqual(24 * 35 + 2);
    expect(await read(30 * DAY, 1)).toMatchObject({ coverage: 1 });
    expect(((await read(30 * DAY, 1)) as { all: number }).all).toBeGreaterThanOrEqual(30 * 24);
  });

  test('are never more cells than the setting allows', () => {
    const { recorder, cells, pass } = bench(new ManualClock(), { ...LIMITS, maxCells: 10 });
    for (let generation = 2; generation < 100; generation += 1) {
      recorder.record(planFact(generation));
      pass(1_000);
    }
    expect(cells.size).toBe(10);
  });
});

describe('the file of counts', () => {
  const fileOf = (folder: string, { cells, slots }: ReturnType<typeof bench>) => {
    const facts = new RecordedFacts();
    const path = join(folder, 'history.json');
    return {
      facts,
      path,
      file: new HistoryFile({ path, cells, columns: slots.fingerprint, observe: facts.observe }),
    };
  };

  test('lets the next process go on where this one stopped', () =>
    inTemporaryFolder(async (folder) => {
      const clock = new ManualClock();
      const before = bench(clock);
      before.recorder.record(settledFact({ outcome: 'timeout' }));
      before.pass(15 * MINUTE);
      await fileOf(folder, before).file.save();

      const after = bench(clock);
      await fileOf(folder, after).file.restore(clock.wallNow());
      after.recorder.record(settledFact());
      after.pass(15 * MINUTE);
      expect(await after.read(HOUR, 1)).toEqual({ kind: 'counts', bad: 1, all: 2, coverage: 0.5 });
    }));

  test.each([
    ['no JSON', '{"version":1,'],
    ['another version', '{"version":2,"columns":"","cells":[]}'],
    ['of other objectives', '{"version":1,"columns":"[]","cells":[]}'],
    ['with negative counts', '{"version":1,"columns":"[]","cells":[[-1,0,0,0]]}'],
  ])('that is %s is refused and said so, and counting begins', (_what, text) =>
    inTemporaryFolder(async (folder) => {
      const fresh = bench();
      const { facts, path, file } = fileOf(folder, fresh);
      writeFileSync(path, text);
      await file.restore(fresh.clock.wallNow());
      expect(facts.of('slo_history_refused')).toHaveLength(1);
      expect(fresh.cells.size).toBe(0);
    }),
  );

  test('that is not there yet is no fault', () =>
    inTemporaryFolder(async (folder) => {
      const { facts, file } = fileOf(folder, bench());
      await file.restore(0);
      expect(facts.all).toEqual([]);
    }));

  test('that cannot be written is reported, and nothing else happens', () =>
    inTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, 'a file'), '');
      const { facts, file } = fileOf(join(folder, 'a file'), bench());
      await file.save();
      expect(facts.of('slo_history_unsaved')).toHaveLength(1);
    }));
});
