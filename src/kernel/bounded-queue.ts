/** How much a queue may hold. */
export interface QueueLimits {
  readonly items: number;
  /** Bytes of all items together; without it they are not counted. */
  readonly bytes?: number;
}

/**
 * A first-in-first-out queue that is bounded in items and in bytes. A full queue says so; it never grows and never
 * blocks. A ring, so that neither end costs more than a constant; it takes memory only as items come.
 */
export class BoundedQueue<T> {
  private readonly slots: (T | undefined)[] = [];
  private head = 0;
  private count = 0;
  private heldBytes = 0;
  private readonly maxItems: number;
  private readonly maxBytes: number;

  /** `bytesOf` must give the same answer for an item each time. */
  constructor(
    { items, bytes = Number.POSITIVE_INFINITY }: QueueLimits,
    private readonly bytesOf: (item: T) => number = () => 0,
  ) {
    if (!Number.isInteger(items) || items < 1)
      throw new RangeError(`items must be a whole number above 0, got ${items}`);
    if (!(bytes > 0)) throw new RangeError(`bytes must be above 0, got ${bytes}`);
    this.maxItems = items;
    this.maxBytes = bytes;
  }

  get size(): number {
    return this.count;
  }

  /** Bytes of all that it holds. */
  get bytes(): number {
    return this.heldBytes;
  }

  /** Whether less than half of the items and less than half of the bytes are used. */
  get isBelowHalf(): boolean {
    return 2 * this.count < this.maxItems && 2 * this.heldBytes < this.maxBytes;
  }

  /** Whether there is room for the item now. */
  fits(item: T): boolean {
    return this.count < this.maxItems && this.heldBytes + this.bytesOf(item) <= this.maxBytes;
  }

  /** True when the item was taken, false when there is no room for it. */
  offer(item: T): boolean {
    if (!this.fits(item)) return false;
    this.slots[this.slotOf(this.count)] = item;
    this.count += 1;
    this.heldBytes += this.bytesOf(item);
    return true;
  }

  peek(): T | undefined {
    return this.count === 0 ? undefined : this.slots[this.head];
  }

  take(): T | undefined {
    if (this.count === 0) return undefined;
    const item = this.slots[this.head] as T;
    this.slots[this.head] = undefined;
    this.count -= 1;
    this.heldBytes -= this.bytesOf(item);
    // Beginning anew when empty keeps the ring as short as the queue ever was, not as long as it may become.
    this.head = this.count === 0 ? 0 : this.slotOf(1);
    return item;
  }

  /** Whether the item was there. Costs as many moves as there are items before it: what is old goes cheaply. */
  remove(item: T): boolean {
    let turn = 0;
    while (turn < this.count && this.slots[this.slotOf(turn)] !== item) turn += 1;
    if (turn === this.count) return false;
    for (; turn > 0; turn -= 1) this.slots[this.slotOf(turn)] = this.slots[this.slotOf(turn - 1)];
    this.slots[this.head] = item;
    this.take();
    return true;
  }

  private slotOf(turn: number): number {
    return (this.head + turn) % this.maxItems;
  }
}
