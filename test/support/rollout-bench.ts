import type { Fact } from '../../src/kernel/facts';
import { ManualClock } from '../../src/kernel/manual-clock';
import type { RolloutDocument } from '../../src/rollout/document';
import { defaultLadder } from '../../src/rollout/default-ladder';
import { Rollout, type Applied } from '../../src/rollout/rollout';
import { FakePlanStore } from './fake-plan-store';
import { documentWith } from './plans';

/** What came of a wish. */
export type Result = Applied | { readonly code: string; readonly message: string };

/** A rollout on a clock that stands still, above a store that does as it is told. */
export class RolloutBench {
  readonly clock = new ManualClock();
  readonly facts: Fact[] = [];
  /** What took effect, in order, and what the store held at that moment. */
  readonly acts: {
    readonly document: RolloutDocument;
    readonly handOver: boolean;
    readonly stored: RolloutDocument | undefined;
  }[] = [];
  readonly store: FakePlanStore;
  readonly rollout: Rollout;
  /** By reason, as they came. */
  readonly results = new Map<string, Result>();

  constructor(
    first: RolloutDocument = documentWith({ percentage: 10 }),
    readonly maxStep = 100,
  ) {
    this.store = new FakePlanStore(first);
    this.rollout = new Rollout(first, {
      clock: this.clock,
      observe: (fact) => this.facts.push(fact),
      store: this.store,
      context: { policy: { maxStep, maxPins: 1_000 }, ladder: defaultLadder() },
      act: (document, handOver) => this.acts.push({ document, handOver, stored: this.store.document }),
    });
  }

  get percentage(): number {
    return this.rollout.document.plan.percentage;
  }

  set(percentage: number, reason = `to ${percentage}`, expectedRevision?: number): void {
    this.wish({ kind: 'set_percentage', percentage, confirmed: false, by: 'ana', reason, expectedRevision });
  }

  rollBack(reason = 'rollback'): void {
    this.wish({ kind: 'rollback', to: 'zero', by: 'guard', reason, evidence: { failures: 12 } });
  }

  release(reason = 'release'): void {
    this.wish({ kind: 'release', by: 'ben', reason });
  }

  /** Lets happen what follows from what was done, without time passing. */
  settle(): Promise<void> {
    return this.clock.advanceAsync(0);
  }

  /** The code of a refusal, or what became of the percentage. */
  resultOf(reason: string): string | number | undefined {
    const result = this.results.get(reason);
    if (result === undefined) return undefined;
    return 'code' in result ? result.code : result.document.plan.percentage;
  }

  private wish(wished: Parameters<Rollout['apply']>[0]): void {
    const keep = (result: Result): void => {
      if (this.results.has(wished.reason)) throw new Error(`"${wished.reason}" has two results`);
      this.results.set(wished.reason, result);
    };
    void this.rollout.apply(wished).then(keep, keep);
  }
}
