/** The mesh sequences seen last, by which a device knows a repeat. */
export class RecentSequences {
  private readonly seen = new Set<number>();

  constructor(private readonly limit: number) {}

  /** Notes a sequence; true when it had been noted before and is still remembered. */
  isRepeat(sequence: number): boolean {
    if (this.seen.has(sequence)) return true;
    this.seen.add(sequence);
    if (this.seen.size > this.limit) this.forgetOldest();
    return false;
  }

  clear(): void {
    this.seen.clear();
  }

  private forgetOldest(): void {
    for (const oldest of this.seen) {
      this.seen.delete(oldest);
      return;
    }
  }
}
