import { ManualClock } from '../kernel/manual-clock';
import { DEFAULT_OBJECTIVES, type Objective } from './objectives';
import { Periods } from './period';
import type { Health, Reader, Reading, ReadRequest, Readings } from './readings';

const [SUCCESS] = DEFAULT_OBJECTIVES as [Objective];
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 10, 12);

/** Answers as it is told, and keeps what it was asked. */
class DayReader implements Reader {
  readonly source = 'prometheus';
  readonly asked: ReadRequest[] = [];
  health: Health = { kind: 'well', nowMs: START };
  answer: (request: ReadRequest) => Reading | 'unreachable' = () => ({
    kind: 'counts',
    bad: 0,
    all: 10_000,
    coverage: 1,
  });

  check(): Promise<Health> {
    return Promise.resolve(this.health);
  }

  read(request: ReadRequest): Promise<Readings> {
    this.asked.push(request);
    const told = this.answer(request);
    if (told === 'unreachable') return Promise.resolve({ kind: 'unreachable', why: 'no answer', query: '' });
    const [windowMs = 0] = request.windowsMs;
    return Promise.resolve({ kind: 'read', byWindow: new Map([[windowMs, told]]), query: '' });
  }
}

function bench() {
  const clock = new ManualClock(START);
  const reader = new DayReader();
  const periods = new Periods({ objectives: [SUCCESS], reader, clock, concurrency: 1 });
  const results = async (days: number, untilMs?: number) => {
    const { objectives } = await periods.read({ days, untilMs });
    return objectives[0]?.days.map(({ day, result }) => `${day} ${result}`);
  };
  return { clock, reader, periods, results };
}

describe('a period', () => {
  it('is of whole UTC days, the last one as far as it has come, of both transports and all generations', async () => {
    const { reader, periods } = bench();
    const { fromMs, untilMs } = await periods.read({ days: 2 });
    expect([fromMs, untilMs]).toEqual([Date.UTC(2026, 0, 9), START]);
    expect(
      reader.asked.map(({ transport, scope, endMs, windowsMs }) => [transport, scope, endMs, windowsMs]),
    ).toEqual([
      ['new', 'whole', Date.UTC(2026, 0, 10), [DAY]],
      ['legacy', 'whole', Date.UTC(2026, 0, 10), [DAY]],
      ['new', 'whole', START, [12 * HOUR]],
      ['legacy', 'whole', START, [12 * HOUR]],
    ]);
  });

  it('ends when it is told to, but not in the future', async () => {
    const { results } = bench();
    expect(await results(1, Date.UTC(2026, 0, 8))).toEqual(['2026-01-07 met']);
    expect(await results(1, Date.UTC(2027, 0, 8))).toEqual(['2026-01-10 met']);
  });

  it('tells days that were met, failed, of too few events, and not measured', async () => {
    const { reader, results } = bench();
    const told: Reading[] = [
      { kind: 'counts', bad: 1, all: 10_000, coverage: 1 },
      { kind: 'counts', bad: 100, all: 10_000, coverage: 1 },
      { kind: 'counts', bad: 0, all: 10, coverage: 1 },
      { kind: 'no_data', why: 'no series' },
    ];
    reader.answer = ({ endMs = 0 }) => told[Math.ceil((endMs - Date.UTC(2026, 0, 7)) / DAY) - 1] as Reading;
    expect(await results(4)).toEqual([
      '2026-01-07 met',
      '2026-01-08 failed',
      '2026-01-09 insufficient',
      '2026-01-10 unmeasured',
    ]);
  });

  it('asks once for a day that is over, and again for what was not there', async () => {
    const { reader, results } = bench();
    reader.answer = ({ endMs = 0 }) =>
      endMs === Date.UTC(2026, 0, 9)
        ? { kind: 'no_data', why: 'x' }
        : { kind: 'counts', bad: 0, all: 1, coverage: 1 };
    await results(3);
    reader.asked.length = 0;
    await results(3);
    expect([...new Set(reader.asked.map(({ endMs }) => endMs))]).toEqual([Date.UTC(2026, 0, 9), START]);
  });

  it('asks a source that does not answer no further, and says so', async () => {
    const { reader, periods } = bench();
    reader.answer = () => 'unreachable';
    const { doubts, objectives } = await periods.read({ days: 30 });
    expect(reader.asked).toHaveLength(1);
    expect(doubts).toEqual(['no answer']);
    expect(objectives[0]?.days.every(({ result }) => result === 'unmeasured')).toBe(true);
  });

  it('is read although its source is in doubt, and the doubt is told', async () => {
    const { reader, periods } = bench();
    reader.health = { kind: 'blind', why: '1 of 2 replicas are up' };
    const { doubts, objectives } = await periods.read({ days: 1 });
    expect([doubts, objectives[0]?.days[0]?.result]).toEqual([['1 of 2 replicas are up'], 'met']);
  });

  it('is read one at a time, and once for all who ask for the same', async () => {
    const { reader, periods } = bench();
    const [one, same] = [periods.read({ days: 1 }), periods.read({ days: 1 })];
    expect(same).toBe(one);
    await Promise.all([one, periods.read({ days: 2 })]);
    expect(reader.asked).toHaveLength(2 + 4);
  });

  it('is refused when too many others are waited for, and then no more', async () => {
    const { periods } = bench();
    const reading = Array.from({ length: 8 }, (_, at) => periods.read({ days: at + 1 }));
    await expect(periods.read({ days: 9 })).rejects.toThrow(/8 other periods are being read/);
    await Promise.all(reading);
    await expect(periods.read({ days: 9 })).resolves.toBeDefined();
  });
});
