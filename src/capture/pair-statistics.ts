import { Pairing, PAIR_LABELS, type PairLabel, type SeenPacket } from './pairing';

/** How quickly one kind of request was answered, in milliseconds, and what was left over on either side. */
export interface PairStatistics {
  readonly pairs: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly unansweredRequests: number;
  readonly strayAnswers: number;
}

interface Row {
  pairs: number;
  readonly times: number[];
  unansweredRequests: number;
  strayAnswers: number;
}

/** Times kept for each label; pairs beyond it are counted, but are in no quantile. */
const MAX_TIMES = 1_000_000;

/** Finds requests and their answers in one or more files. */
export class PairTally {
  private readonly rows = new Map<PairLabel, Row>();
  private pairing = this.newPairing();

  constructor(private readonly wanted: (request: SeenPacket) => boolean) {}

  add(seen: SeenPacket): void {
    this.pairing.add(seen);
  }

  /** To be called behind each file: connections of different files are different ones. */
  endOfFile(): void {
    this.pairing.finish();
    this.pairing = this.newPairing();
  }

  statistics(): Readonly<Partial<Record<PairLabel, PairStatistics>>> {
    const found = PAIR_LABELS.flatMap((label) => {
      const row = this.rows.get(label);
      return row ? [[label, statisticsOf(row)] as const] : [];
    });
    return Object.fromEntries(found);
  }

  private newPairing(): Pairing<SeenPacket> {
    return new Pairing<SeenPacket>({
      paired: ({ label, request, answer }) => {
        if (!this.wanted(request)) return;
        const row = this.rowOf(label);
        row.pairs += 1;
        if (request.at !== undefined && answer.at !== undefined && row.times.length < MAX_TIMES)
          row.times.push(answer.at - request.at);
      },
      unmatched: (side, label, seen) => {
        if (!this.wanted(seen)) return;
        this.rowOf(label)[side === 'request' ? 'unansweredRequests' : 'strayAnswers'] += 1;
      },
    });
  }

  private rowOf(label: PairLabel): Row {
    const known = this.rows.get(label);
    if (known) return known;
    const row: Row = { pairs: 0, times: [], unansweredRequests: 0, strayAnswers: 0 };
    this.rows.set(label, row);
    return row;
  }
}

function statisticsOf({ pairs, times, unansweredRequests, strayAnswers }: Row): PairStatistics {
  const sorted = times.sort((one, other) => one - other);
  return {
    pairs,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
    unansweredRequests,
    strayAnswers,
  };
}

/** The smallest value that at least this share does not exceed; to a tenth of a millisecond. */
function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)];
  return value === undefined ? null : Number(value.toFixed(1));
}
