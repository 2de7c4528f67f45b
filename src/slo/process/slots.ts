import { TRANSPORTS, type TransportName } from '../../kernel/words';
import type { CountedName } from '../../telemetry/catalogue';
import { countedNameOf } from '../metric-lookup';
import type { Objective, Term } from '../objectives';

/** One line of a scrape, as far as counting goes. */
export interface CountedSample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** The program's own counters, of the present generation. */
export interface OwnCounters {
  readonly currentGeneration: number;
  samplesOf(name: CountedName): readonly CountedSample[];
}

export type Side = 'bad' | 'all';

/** Where each number stands in a row of counts: bad and all of each objective and transport. */
export class Slots {
  readonly size: number;
  private readonly positions: ReadonlyMap<string, number>;

  constructor(private readonly objectives: readonly Objective[]) {
    const names = objectives.flatMap(({ name }) =>
      TRANSPORTS.flatMap((transport) => [keyOf(name, transport, 'bad'), keyOf(name, transport, 'all')]),
    );
    this.positions = new Map(names.map((name, at) => [name, at]));
    this.size = names.length;
  }

  /** Rows that were kept under another one of these mean something else. */
  get fingerprint(): string {
    return JSON.stringify(this.objectives.map(({ name, bad, all }) => [name, bad, all]));
  }

  at(objective: string, transport: TransportName, side: Side): number {
    const position = this.positions.get(keyOf(objective, transport, side));
    if (position === undefined) throw new RangeError(`no objective ${objective}`);
    return position;
  }

  /** What the counters stand at now. */
  totals(counters: OwnCounters): Float64Array {
    const totals = new Float64Array(this.size);
    const samples = new Map<CountedName, readonly CountedSample[]>();
    const samplesOf = (term: Term): readonly CountedSample[] => {
      const name = countedNameOf(term.metric);
      if (name === undefined) return [];
      const known = samples.get(name) ?? counters.samplesOf(name);
      samples.set(name, known);
      return known;
    };
    for (const objective of this.objectives) {
      for (const side of ['bad', 'all'] as const)
        for (const term of objective[side])
          this.addTerm(totals, { objective, side, term, samples: samplesOf(term) });
    }
    return totals;
  }

  private addTerm(
    totals: Float64Array,
    about: {
      readonly objective: Objective;
      readonly side: Side;
      readonly term: Term;
      readonly samples: readonly CountedSample[];
    },
  ): void {
    const { objective, side, term, samples } = about;
    for (const sample of samples) {
      const sign = signOf(term, sample);
      if (sign === 0 || !isChosen(term, sample)) continue;
      const position = this.at(objective.name, sample.labels.transport as TransportName, side);
      totals[position] = (totals[position] as number) + sign * sample.value;
    }
  }
}

function keyOf(objective: string, transport: TransportName, side: Side): string {
  return `${objective} ${transport} ${side}`;
}

/** What a line adds to a term: above a boundary is the count less the bucket. */
function signOf({ metric, aboveSeconds }: Term, { metricName, labels }: CountedSample): number {
  if (metricName === metric || metricName === `${metric}_count`) return 1;
  return metricName === `${metric}_bucket` && labels.le === aboveSeconds ? -1 : 0;
}

function isChosen({ where }: Term, { labels }: CountedSample): boolean {
  return Object.entries(where).every(([label, values]) => values.includes(String(labels[label])));
}
