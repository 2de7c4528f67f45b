/** How the shadow and reality agreed in one generation, in this process. */
export interface MirrorCount {
  readonly compared: number;
  readonly disagreed: number;
}

const NOTHING: MirrorCount = { compared: 0, disagreed: 0 };

/** Counts comparisons of the newest generation that it was told of; evidence of an older one is none. */
export class MirrorTally {
  private generation = 0;
  private counted = NOTHING;

  count(generation: number, agreed: boolean): void {
    if (generation < this.generation) return;
    if (generation > this.generation) this.counted = NOTHING;
    this.generation = generation;
    const { compared, disagreed } = this.counted;
    this.counted = { compared: compared + 1, disagreed: disagreed + Number(!agreed) };
  }

  of(generation: number): MirrorCount {
    return generation === this.generation ? this.counted : NOTHING;
  }
}
