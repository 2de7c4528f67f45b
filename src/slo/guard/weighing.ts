import type { Limits } from './limits';
import { SequentialTest, type Reading, type Rule, type TestState } from './sequential-test';
import { rowOf, type Tally, type TallyRow } from './tally';

/** Looks that are kept for the evidence of a rollback. */
const LOOKS_KEPT = 300;

/** One look: the second, and its tally. */
export type LookRow = readonly [number, ...TallyRow];

/** Looks in a row, and what the test had come to before the first of them: enough to judge them again. */
export interface Looks {
  readonly before: TestState;
  readonly rows: readonly LookRow[];
}

/** The sequential test together with the looks that it came to its evidence by. */
export class Weighing {
  readonly test: SequentialTest;
  private readonly kept: { readonly before: TestState; readonly row: LookRow }[] = [];

  constructor(
    rules: readonly Rule[],
    public limits: Limits,
    at: number,
  ) {
    this.test = new SequentialTest(rules, limits, at);
  }

  look(at: number, tally: Tally): Reading | undefined {
    this.kept.push({ before: this.test.state, row: [at, ...rowOf(tally)] });
    if (this.kept.length > LOOKS_KEPT) this.kept.shift();
    return this.test.look(at, tally);
  }

  /** The looks since `since`, or as many of them as are kept. */
  looksSince(since: number): Looks {
    const looks = this.kept.filter(({ row: [at] }) => at > since);
    return { before: looks[0]?.before ?? this.test.state, rows: looks.map(({ row }) => row) };
  }

  shareChanged(limits: Limits): void {
    this.useLimits(limits);
    this.test.shareChanged(limits);
    // Looks from before the change cannot be judged again together with those after it.
    this.kept.length = 0;
  }

  useLimits(limits: Limits): void {
    this.limits = limits;
    this.test.useLimits(limits);
  }

  restart(at: number): void {
    this.test.restart(at);
    this.kept.length = 0;
  }
}
