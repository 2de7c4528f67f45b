import type { Fact } from '../../src/kernel/facts';
import { ManualClock } from '../../src/kernel/manual-clock';
import { decide } from '../../src/rollout/decide';
import { defaultLadder } from '../../src/rollout/default-ladder';
import type { RolloutDocument } from '../../src/rollout/document';
import type { PendingFile } from '../../src/rollout/pending-file';
import { Rollout, type Applied, type RolloutChange } from '../../src/rollout/rollout';
import { FakePlanStore } from './fake-plan-store';
import { documentWith } from './plans';

/** What came of a wish. */
export type Result = Applied | { readonly code: string; readonly message: string };

export interface BenchSettings {
  readonly maxStep?: number;
  readonly replica?: string;
  readonly store?: FakePlanStore;
  readonly clock?: ManualClock;
  readonly pending?: PendingFile;
  readonly seedPercentage?: number;
}

/** A rollout on a clock that stands still, above a store that does as it is told. */
export class RolloutBench {
  readonly clock: ManualClock;
  readonly facts: Fact[] = [];
  /** What took effect, in order, and what the store held at that moment. */
  readonly acts: {
    readonly document: RolloutDocument;
    readonly handOver: boolean;
    readonly stored: RolloutDocument | undefined;
  }[] = [];
  readonly changes: RolloutChange[] = [];
  readonly store: FakePlanStore;
  readonly rollout: Rollout;
  /** By reason, as they came. */
  readonly results = new Map<string, Result>();

  /** Not opened yet: nothing was asked of the store. */
  constructor({ maxStep = 100, seedPercentage: percentage = 0, ...settings }: BenchSettings = {}) {
    this.store = settings.store ?? new FakePlanStore();
    this.clock = settings.clock ?? new ManualClock();
    const ladder = defaultLadder(0);
    const policy = { maxStep, maxPins: 100 };
    this.rollout = new Rollout({
      clock: this.clock,
      observe: (fact) => this.facts.push(fact),
      store: this.store,
      replica: settings.replica ?? 'a',
      pending: settings.pending,
      decide: (document, event, writer) => decide(document, event, { policy, ladder, writer }),
      first: { holdback: 0, ladder, seed: { percentage, mirror: false, cohort: [] } },
      act: (document, handOver) => this.acts.push({ document, handOver, stored: this.store.document }),
    });
    this.rollout.onChange((change) => this.changes.push(change));
  }

  /** One that follows what its store holds; what it did until then is forgotten. */
  static async following(
    first: RolloutDocument = documentWith({ percentage: 10 }),
    settings: BenchSettings = {},
  ): Promise<RolloutBench> {
    const bench = new RolloutBench({ ...settings, store: settings.store ?? new FakePlanStore(first) });
    await bench.rollout.open();
    for (const list of [bench.acts, bench.facts, bench.changes]) list.length = 0;
    return bench;
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

  /** A pause or a freeze. */
  stop(kind: 'pause' | 'freeze'): void {
    const stop = { by: 'ana', reason: kind };
    this.wish(kind === 'pause' ? { ...stop, kind, critical: false, evidence: {} } : { ...stop, kind });
  }

  private wish(wished: Parameters<Rollout['apply']>[0]): void {
    const keep = (result: Result): void => {
      if (this.results.has(wished.reason)) throw new Error(`"${wished.reason}" has two results`);
      this.results.set(wished.reason, result);
    };
    void this.rollout.apply(wished).then(keep, keep);
  }
}
