import { RecordedFacts } from '../../test/support/recorded-facts';
import { Jobs, type Job } from './jobs';
import { ManualClock } from './manual-clock';

class Bench {
  readonly clock = new ManualClock();
  readonly facts = new RecordedFacts();
  readonly listed = new Set<string>();
  readonly runs: string[] = [];

  jobs(...jobs: Job[]): Jobs {
    const list = {
      addInterval: (name: string) => void this.listed.add(name),
      deleteInterval: (name: string) => void this.listed.delete(name),
    };
    return new Jobs({ jobs, list, clock: this.clock, observe: this.facts.observe });
  }

  job(name: string, everyMs: number, over: Partial<Job> = {}): Job {
    return { name, everyMs, run: () => Promise.resolve(void this.runs.push(name)), ...over };
  }
}

describe('jobs', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
  });

  test('run at their intervals, and at once only where that is said, from the start to the stop', async () => {
    const jobs = bench.jobs(bench.job('tick', 3_000), bench.job('announce', 1_000, { atOnce: true }));
    await bench.clock.advanceAsync(5_000);
    expect(bench.runs).toEqual([]);
    jobs.start();
    await bench.clock.advanceAsync(3_000);
    expect(bench.runs).toEqual(['announce', 'announce', 'announce', 'tick', 'announce']);
    expect([...bench.listed]).toEqual(['tick', 'announce']);
    jobs.stop();
    await bench.clock.advanceAsync(10_000);
    expect(bench.runs).toHaveLength(5);
    expect([bench.listed.size, bench.clock.pendingTimers, jobs.names.length]).toEqual([0, 0, 0]);
  });

  test('that take longer than their interval fall out rather than overlap', async () => {
    let running = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => bench.clock.after(2_500, resolve));
      running -= 1;
      bench.runs.push('slow');
    };
    bench.jobs(bench.job('slow', 1_000, { run })).start();
    await bench.clock.advanceAsync(9_000);
    expect(most).toBe(1);
    expect(bench.runs).toEqual(['slow', 'slow']);
  });

  test('that fail say so, and run again', async () => {
    const run = (): Promise<void> => Promise.reject(new Error('a bug'));
    bench.jobs(bench.job('tick', 1_000, { run })).start();
    await bench.clock.advanceAsync(2_000);
    expect(bench.facts.all).toEqual(Array(2).fill({ kind: 'job_failed', job: 'tick', message: 'a bug' }));
  });
});
