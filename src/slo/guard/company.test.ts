import { ManualClock } from '../../kernel/manual-clock';
import { MemoryNoticeboard } from '../../store/noticeboard';
import { Company } from './company';
import { rowOf, tallyOf, type Tally, type TallyRow } from './tally';

const tally = (row: TallyRow): Tally => tallyOf(row);

describe('the company of other replicas', () => {
  const bench = (board?: ConstructorParameters<typeof Company>[0]['board']) => {
    const clock = new ManualClock();
    const shared = board ?? new MemoryNoticeboard(clock);
    const sums: [number, TallyRow][] = [];
    const wholes: boolean[] = [];
    const company = new Company({
      clock,
      board: shared,
      replica: 'a',
      onSum: (second, sum, whole) => {
        sums.push([second, rowOf(sum)]);
        wholes.push(whole);
      },
    });
    const exchange = async (second: number): Promise<void> => {
      company.exchange(second, '1.1', tally([10, 1, 0, 90, 2, 1]));
      await clock.advanceAsync(1_000);
    };
    return { clock, shared, sums, wholes, company, exchange };
  };

  it('adds up the second before, of all that follow the same plan', async () => {
    const { shared, sums, company, exchange } = bench();
    await shared.post('tallies:100', 'b', JSON.stringify(['1.1', 5, 1, 1, 45, 0, 0]), 10_000);
    await shared.post('tallies:100', 'c', JSON.stringify(['1.0', 7, 7, 7, 7, 7, 7]), 10_000);
    await exchange(100);
    await exchange(101);
    expect(sums).toEqual([[100, [15, 2, 1, 135, 2, 1]]]);
    expect([company.replicas, company.isFresh]).toEqual([3, true]);
  });

  it('knows when a second lacks one that was there of late, until that one is gone', async () => {
    const { shared, wholes, exchange } = bench();
    const notice = (plan: string) => JSON.stringify([plan, 5, 1, 1, 45, 0, 0]);
    await shared.post('tallies:100', 'b', notice('1.1'), 10_000);
    await shared.post('tallies:101', 'b', notice('1.0'), 10_000);
    for (let second = 100; second < 110; second += 1) await exchange(second);
    expect(wholes.slice(0, 3)).toEqual([true, false, false]);
    expect(wholes.at(-1)).toBe(true);
  });

  it.each([
    'no JSON',
    '["1.1", 1, 2]',
    '["1.1", 1, 2, 3, 4, 5, "6"]',
    '["1.1", 1, 2, 3, 4, 5, -6]',
    '["1.1", 1, 2, 3, 4, 5, 1e999]',
    '{"a": 1}',
    'null',
  ])('leaves out a notice that is no tally: %s', async (text) => {
    const { shared, sums, exchange } = bench();
    await shared.post('tallies:100', 'b', text, 10_000);
    await exchange(100);
    await exchange(101);
    expect(sums).toEqual([[100, [10, 1, 0, 90, 2, 1]]]);
  });

  it('is none while there is only one', async () => {
    const { company, exchange } = bench();
    await exchange(100);
    await exchange(101);
    expect([company.replicas, company.isFresh]).toEqual([1, false]);
  });

  it('never has more than one exchange under way with a board that does not answer', async () => {
    let asked = 0;
    const { exchange, sums } = bench({
      post: () => {
        asked += 1;
        return new Promise(() => {});
      },
      read: () => Promise.resolve(new Map()),
    });
    for (let second = 100; second < 110; second += 1) await exchange(second);
    expect([asked, sums]).toEqual([1, []]);
  });

  it('remembers a replica that is away for an hour', async () => {
    const { clock, shared, company, exchange } = bench();
    await shared.post('tallies:100', 'b', JSON.stringify(['1.1', 5, 1, 1, 45, 0, 0]), 10_000);
    await exchange(100);
    await exchange(101);
    clock.advance(3_500_000);
    expect([company.replicas, company.isFresh]).toEqual([2, false]);
    clock.advance(200_000);
    expect(company.replicas).toBe(1);
  });
});
