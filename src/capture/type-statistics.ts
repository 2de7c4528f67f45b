import { typeLabel } from '../protocol/catalogue';
import type { CaptureEvent } from './capture-decoder';
import { instantOf } from './capture-time';

/** How often a type occurs, how large it is, and how many there were a second. */
export interface TypeStatistics {
  readonly count: number;
  readonly bytes: number;
  readonly smallest: number;
  readonly mean: number;
  readonly largest: number;
  /** Over the time from the first to the last packet of each file; null where the capture tells no time. */
  readonly perSecond: number | null;
}

interface Sum {
  count: number;
  bytes: number;
  smallest: number;
  largest: number;
}

const MS_PER_SECOND = 1000;

/** Adds up the packets of one or more files by type. */
export class TypeTally {
  private readonly sums = new Map<number, Sum>();
  private spanMs = 0;
  private firstAt: number | undefined;
  private lastAt: number | undefined;

  add({ read, bytes }: Extract<CaptureEvent, { kind: 'packet' }>): void {
    const at = instantOf(read.ts);
    this.firstAt ??= at;
    this.lastAt = at ?? this.lastAt;
    const type = bytes[0] as number;
    const sum = this.sums.get(type) ?? { count: 0, bytes: 0, smallest: Infinity, largest: 0 };
    sum.count += 1;
    sum.bytes += bytes.length;
    sum.smallest = Math.min(sum.smallest, bytes.length);
    sum.largest = Math.max(sum.largest, bytes.length);
    this.sums.set(type, sum);
  }

  /** To be called behind each file: the time between two files is nobody's. */
  endOfFile(): void {
    if (this.firstAt !== undefined && this.lastAt !== undefined)
      this.spanMs += Math.max(this.lastAt - this.firstAt, 0);
    this.firstAt = undefined;
    this.lastAt = undefined;
  }

  /** In the order of the types. */
  statistics(): Readonly<Record<string, TypeStatistics>> {
    const rows = [...this.sums].sort(([one], [other]) => one - other);
    return Object.fromEntries(rows.map(([type, sum]) => [typeLabel(type), this.row(sum)]));
  }

  private row({ count, bytes, smallest, largest }: Sum): TypeStatistics {
    const perSecond = this.spanMs > 0 ? round((count * MS_PER_SECOND) / this.spanMs, 4) : null;
    return { count, bytes, smallest, mean: round(bytes / count, 1), largest, perSecond };
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
