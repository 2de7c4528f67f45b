/**
 * A first-in-first-out queue with a fixed capacity. A full queue says so; it never grows and never blocks.
 * A ring, so that neither end costs more than a constant.
 */
export class BoundedQueue<T> {
  private readonly slots: (T | undefined)[] = [];
  private head = 0;
  private count = 0;

  constructor(readonly capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1)
      throw new RangeError(`capacity must be a whole number above 0, got ${capacity}`);
  }

  get size(): number {
    return this.count;
  }

  /** True when the item was taken, false when the queue is full. */
  offer(item: T): boolean {
    if (this.count === this.capacity) return false;
    this.slots[(this.head + this.count) % this.capacity] = item;
    this.count += 1;
    return true;
  }

  peek(): T | undefined {
    return this.count === 0 ? undefined : this.slots[this.head];
  }

  take(): T | undefined {
    if (this.count === 0) return undefined;
    const item = this.slots[this.head];
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) % this.capacity;
    this.count -= 1;
    return item;
  }

  includes(item: T): boolean {
    for (let turn = 0; turn < this.count; turn += 1) {
      if (this.slots[(this.head + turn) % this.capacity] === item) return true;
    }
    return false;
  }

  /** Removes every item for which `gone` is true and returns them in order. */
  removeWhere(gone: (item: T) => boolean): T[] {
    const removed: T[] = [];
    for (let turn = this.count; turn > 0; turn -= 1) {
      const item = this.take() as T;
      if (gone(item)) removed.push(item);
      else this.offer(item);
    }
    return removed;
  }
}
