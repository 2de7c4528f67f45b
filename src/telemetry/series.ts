import type { Definition } from './catalogue';

/** One line of a scrape. */
export interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * The label sets of a metric as positions in an array. Counting is an array access: the client library hashes the
 * labels on every call, which costs twenty times as much.
 */
class LabelIndex {
  readonly size: number;
  private readonly first: ReadonlyMap<string, number>;
  private readonly second: ReadonlyMap<string, number>;
  private readonly width: number;

  constructor(private readonly definition: Definition) {
    const [first = [''], second = ['']] = definition.values;
    this.width = second.length;
    this.size = first.length * second.length;
    this.first = new Map(first.map((value, at) => [value, at * this.width]));
    this.second = new Map(second.map((value, at) => [value, at]));
  }

  /** A value outside the closed set is a fault of the caller, found in tests rather than lost in production. */
  at(first: string, second: string): number {
    const row = this.first.get(first);
    const column = this.second.get(second);
    if (row === undefined || column === undefined)
      throw new RangeError(`${this.definition.name} has no series for "${first}" "${second}"`);
    return row + column;
  }

  /** The labels of each position. */
  labels(): Record<string, string>[] {
    const [firstName, secondName] = this.definition.labels;
    const sets: Record<string, string>[] = [];
    for (const first of this.first.keys()) {
      for (const second of this.second.keys())
        sets.push({ ...(firstName && { [firstName]: first }), ...(secondName && { [secondName]: second }) });
    }
    return sets;
  }
}

export class CounterSeries {
  private readonly index: LabelIndex;
  private counts: Float64Array;

  constructor(readonly definition: Definition) {
    this.index = new LabelIndex(definition);
    this.counts = new Float64Array(this.index.size);
  }

  add(first = '', second = '', count = 1): void {
    const at = this.index.at(first, second);
    this.counts[at] = (this.counts[at] as number) + count;
  }

  reset(): void {
    this.counts.fill(0);
  }

  samples(shared: Readonly<Record<string, number>>): Sample[] {
    const metricName = this.definition.name;
    return this.index.labels().map((labels, at) => ({
      metricName,
      labels: { ...labels, ...shared },
      value: this.counts[at] as number,
    }));
  }
}

export class HistogramSeries {
  private readonly index: LabelIndex;
  private readonly bounds: readonly number[];
  /** Per label set: one cell a bound and one for what is above them all. Not cumulative. */
  private readonly cells: Float64Array;
  private readonly sums: Float64Array;

  constructor(readonly definition: Definition) {
    this.index = new LabelIndex(definition);
    this.bounds = definition.buckets ?? [];
    this.cells = new Float64Array(this.index.size * this.width);
    this.sums = new Float64Array(this.index.size);
  }

  observe(seconds: number, first = '', second = ''): void {
    const at = this.index.at(first, second);
    let bucket = 0;
    while (bucket < this.bounds.length && seconds > (this.bounds[bucket] as number)) bucket += 1;
    this.count(at, bucket, seconds);
  }

  /** Counts an event that never reached what is measured: only `+Inf` holds it, and `seconds` goes into the sum. */
  observeBeyond(seconds: number, first = '', second = ''): void {
    this.count(this.index.at(first, second), this.bounds.length, seconds);
  }

  reset(): void {
    this.cells.fill(0);
    this.sums.fill(0);
  }

  samples(shared: Readonly<Record<string, number>>): Sample[] {
    return this.index.labels().flatMap((labels, at) => this.samplesAt(at, { ...labels, ...shared }));
  }

  private get width(): number {
    return this.bounds.length + 1;
  }

  private count(at: number, bucket: number, seconds: number): void {
    const cell = at * this.width + bucket;
    this.cells[cell] = (this.cells[cell] as number) + 1;
    this.sums[at] = (this.sums[at] as number) + seconds;
  }

  private samplesAt(at: number, labels: Readonly<Record<string, string | number>>): Sample[] {
    const { name } = this.definition;
    let total = 0;
    const buckets = [...this.bounds, '+Inf'].map((le, bucket) => {
      total += this.cells[at * this.width + bucket] as number;
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.sums[at] as number },
      { metricName: `${name}_count`, labels, value: total },
    ];
  }
}
