import { NO_TIMER, type Cancel, type Clock } from '../kernel/clock';

interface Entry {
  readonly at: number;
  readonly order: number;
  /** Undefined once cancelled or done; the entry itself leaves the heap when its time comes. */
  task: (() => void) | undefined;
}

/**
 * A clock whose timers all share one timer of the clock below it, so that a fleet of 10,000 devices costs one.
 * Tasks run in the order of their due times, equal ones in the order they were asked for.
 */
export class Agenda implements Clock {
  private heap: Entry[] = [];
  private waiting = 0;
  private created = 0;
  private armedFor = Infinity;
  private disarm = NO_TIMER;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  wallNow(): number {
    return this.clock.wallNow();
  }

  after(delayMs: number, task: () => void): Cancel {
    const entry: Entry = { at: this.now() + Math.max(delayMs, 0), order: this.created++, task };
    this.waiting += 1;
    this.insert(entry);
    this.arm();
    return () => this.cancel(entry);
  }

  every(periodMs: number, task: () => void): Cancel {
    return this.clock.every(periodMs, task);
  }

  private cancel(entry: Entry): void {
    if (!entry.task) return;
    entry.task = undefined;
    this.waiting -= 1;
    if (this.waiting > 0) return;
    this.heap = [];
    this.disarm();
    this.armedFor = Infinity;
  }

  private arm(): void {
    const first = this.heap[0];
    if (!first || first.at >= this.armedFor) return;
    this.disarm();
    this.armedFor = first.at;
    this.disarm = this.clock.after(first.at - this.now(), () => this.run());
  }

  private run(): void {
    this.armedFor = Infinity;
    const until = this.now();
    for (let first = this.heap[0]; first && first.at <= until; first = this.heap[0]) {
      this.removeFirst();
      const { task } = first;
      if (!task) continue;
      first.task = undefined;
      this.waiting -= 1;
      task();
    }
    this.arm();
  }

  private insert(entry: Entry): void {
    const { heap } = this;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[at] = heap[parent] as Entry;
      at = parent;
    }
    heap[at] = entry;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      const right = heap[child + 1];
      if (right && isBefore(right, heap[child] as Entry)) child += 1;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[at] = heap[child] as Entry;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
