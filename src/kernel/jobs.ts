import type { Cancel, Clock } from './clock';
import { messageOf } from './errors';
import type { Observe } from './facts';

/** Something that is done again and again. */
export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** Also at once, when the jobs are started. */
  readonly atOnce?: boolean;
  readonly run: () => Promise<void>;
}

/** Where running jobs are listed by name. */
export interface JobList {
  addInterval(name: string, handle: unknown): void;
  deleteInterval(name: string): void;
}

export interface JobsParts {
  readonly jobs: readonly Job[];
  readonly list: JobList;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** The regular jobs of the process. A run that has not ended when the next is due makes that one fall out. */
export class Jobs {
  private readonly running = new Map<string, { readonly cancel: Cancel }>();
  private readonly busy = new Set<string>();

  constructor(private readonly parts: JobsParts) {}

  /** Names of the jobs that are on. */
  get names(): readonly string[] {
    return [...this.running.keys()];
  }

  start(): void {
    const { jobs, list, clock } = this.parts;
    for (const job of jobs) {
      const handle = { cancel: clock.every(job.everyMs, () => void this.run(job)) };
      this.running.set(job.name, handle);
      list.addInterval(job.name, handle);
      if (job.atOnce) void this.run(job);
    }
  }

  stop(): void {
    for (const [name, { cancel }] of this.running) {
      cancel();
      this.parts.list.deleteInterval(name);
    }
    this.running.clear();
  }

  private async run({ name, run }: Job): Promise<void> {
    if (this.busy.has(name)) return;
    this.busy.add(name);
    try {
      await run();
    } catch (error) {
      this.parts.observe({ kind: 'job_failed', job: name, message: messageOf(error) });
    } finally {
      this.busy.delete(name);
    }
  }
}
