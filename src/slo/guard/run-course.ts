/** A run of bad commands on new, and what legacy did meanwhile. */
export interface Run {
  /** Clear devices whose command was bad on new since the last good one there. */
  readonly bad: number;
  readonly legacyGood: number;
  readonly legacyBad: number;
}

/** One millisecond of a run: which, since the first of them, and how many were bad on new, good and bad on legacy. */
export type CourseRow = readonly [number, number, number, number];

/** How a run went, so that it can be judged again. */
export interface Course {
  /** So many bad ones in a row were wanted. */
  readonly least: number;
  /** What it had come to before the first row. */
  readonly before: Run;
  readonly rows: readonly CourseRow[];
}

/** Milliseconds with a command that are kept: more than the rule waits to confirm, even where each has one. */
const ROWS_KEPT = 300;
/** Where in a row. */
const PLACES = { bad: 1, legacyGood: 2, legacyBad: 3 } as const;

/** Writes down how the present run goes. */
export class CourseKeeper {
  private before = { bad: 0, legacyGood: 0, legacyBad: 0 };
  private rows: [number, number, number, number][] = [];

  /** `at`: in whole milliseconds. */
  note(what: keyof typeof PLACES, count: number, at: number): void {
    const last = this.rows.at(-1);
    const row = last?.[0] === at ? last : this.begin(at);
    row[PLACES[what]] += count;
  }

  reset(): void {
    if (this.rows.length === 0) return;
    this.rows = [];
    this.before = { bad: 0, legacyGood: 0, legacyBad: 0 };
  }

  courseOf(least: number): Course {
    const first = this.rows[0]?.[0] ?? 0;
    const rows = this.rows.map(([at, ...counts]): CourseRow => [at - first, ...counts]);
    return { least, before: { ...this.before }, rows };
  }

  private begin(at: number): [number, number, number, number] {
    const row: [number, number, number, number] = [at, 0, 0, 0];
    if (this.rows.push(row) > ROWS_KEPT) {
      const [, bad, legacyGood, legacyBad] = this.rows.shift() ?? row;
      this.before.bad += bad;
      this.before.legacyBad += legacyBad;
      this.before.legacyGood += legacyGood;
    }
    return row;
  }
}
