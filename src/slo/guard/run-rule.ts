import type { TransportName } from '../../kernel/words';
import { CourseKeeper, type Course, type Run } from './run-course';

export interface RunSettings {
  /** Bad commands in a row on new, each of another device. */
  readonly length: number;
  /** Instead of `length` while more than `frequent` of legacy's commands are bad: then runs come by chance. */
  readonly longLength: number;
  readonly frequent: number;
  /** Evidence wanted, in nats. */
  readonly nats: number;
  /** How long the run must last beyond that. */
  readonly confirmMs: number;
}

/** Chosen after simulations of outages that both paths share; not covered by the bound on false alarms. */
export const RUN_SETTINGS: RunSettings = {
  length: 5,
  longLength: 8,
  frequent: 0.02,
  nats: 15,
  confirmMs: 250,
};

/** A run by which new has failed, and how it went. */
export interface ConfirmedRun extends Run {
  readonly course: Course;
}

/** Evidence in nats that new fails while legacy does not: the likelihood of the best two rates against that of one. */
export function runEvidence({ bad, legacyGood, legacyBad }: Run): number {
  const all = bad + legacyGood + legacyBad;
  if (bad === 0) return 0;
  const failing = (bad + legacyBad) / all;
  const legacy = legacyGood + legacyBad;
  return (
    bad * Math.log(1 / failing) +
    weighted(legacyBad, legacyBad / legacy / failing) +
    weighted(legacyGood, legacyGood / legacy / (1 - failing))
  );
}

/** 0 · ln 0 is 0. */
function weighted(count: number, ratio: number): number {
  return count === 0 ? 0 : count * Math.log(ratio);
}

/**
 * Total failure, seen at every decision and not once a second: new answers nobody while legacy goes on answering.
 * A good command on new ends the run, and so does legacy's second bad one: then the fault is shared. It reckons in whole
 * milliseconds, as its course is kept.
 */
export class RunRule {
  private bad = 0;
  private legacyGood = 0;
  private legacyBad = 0;
  private reachedAt: number | undefined;
  private least: number;
  private readonly course = new CourseKeeper();

  constructor(private readonly settings: RunSettings = RUN_SETTINGS) {
    this.least = settings.length;
  }

  get run(): Run {
    return { bad: this.bad, legacyGood: this.legacyGood, legacyBad: this.legacyBad };
  }

  /** How often legacy's commands are bad of late, 0…1. */
  useBadShare(share: number): void {
    this.least = share > this.settings.frequent ? this.settings.longLength : this.settings.length;
  }

  /** A command of a clear device was bad. */
  onBad(path: TransportName, instant: number): void {
    const now = Math.floor(instant);
    if (path === 'legacy' && this.bad === 0) return;
    const what = path === 'new' ? 'bad' : 'legacyBad';
    this[what] += 1;
    this.course.note(what, 1, now);
    if (this.legacyBad > 1) this.reset();
    this.note(now);
  }

  /** `count` commands in a row were good. The run, when this confirms that new has failed. */
  onGood(path: TransportName, clear: boolean, instant: number, count = 1): ConfirmedRun | undefined {
    if (this.bad === 0) return undefined;
    if (path === 'new') {
      this.reset();
      return undefined;
    }
    if (!clear) return undefined;
    const now = Math.floor(instant);
    this.legacyGood += count;
    this.course.note('legacyGood', count, now);
    if (this.reachedAt !== undefined && now - this.reachedAt >= this.settings.confirmMs)
      return { ...this.run, course: this.course.courseOf(this.least) };
    this.note(now);
    return undefined;
  }

  reset(): void {
    this.bad = 0;
    this.legacyGood = 0;
    this.legacyBad = 0;
    this.reachedAt = undefined;
    this.course.reset();
  }

  /** Goes on from what another run had come to. */
  resume({ least, before }: Course): void {
    this.least = least;
    Object.assign(this, before);
  }

  private note(now: number): void {
    if (this.reachedAt !== undefined || this.bad < this.least) return;
    if (runEvidence(this.run) >= this.settings.nats) this.reachedAt = now;
  }
}
