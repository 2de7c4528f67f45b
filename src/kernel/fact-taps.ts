import type { Fact, Observe } from './facts';

/** Lets parts that are built later listen to facts too. What listens must not throw and must not wait. */
export class FactTaps {
  private readonly taps: Observe[] = [];

  add(tap: Observe): void {
    this.taps.push(tap);
  }

  see(fact: Fact): void {
    for (const tap of this.taps) tap(fact);
  }
}
