import type { Observe } from '../kernel/facts';
import { TRANSPORTS, type TransportName } from '../kernel/words';
import type { Objective, Term } from './objectives';
import type { OwnHistory, Snapshot } from './process/own-history';
import type { Side, Slots } from './process/slots';
import { BUILD_INFO } from './prometheus/health-query';
import { part, together, type VectorSource } from './prometheus/vector';
import { bucketMatcher, matchers, suffixOf } from './recorded';

export interface WitnessParts {
  readonly client: VectorSource;
  readonly history: OwnHistory;
  readonly slots: Slots;
  readonly objectives: readonly Objective[];
  /** The name of this process, which its build-info series carries. */
  readonly replica: string;
  /** What Prometheus knows may be as old as this. */
  readonly lagMs: number;
  readonly observe: Observe;
}

const SIDES: readonly Side[] = ['bad', 'all'];

/** So many looks in a row before it is an alarm: a restart or a new generation may fall between two scrapes. */
const PERSISTENT = 3;

/**
 * Compares Prometheus's series of this very process with the counters themselves. A counter only grows, so what was
 * scraped lies between what it was some scrapes ago and what it is now: there is no tolerance to choose.
 */
export class Witness {
  private looks = 0;
  private current: readonly string[] = [];

  constructor(private readonly parts: WitnessParts) {}

  /** What they disagree about, when it has lasted. */
  get disagreements(): readonly string[] {
    return this.looks >= PERSISTENT ? this.current : [];
  }

  /** Never rejects: where Prometheus does not answer there is nothing to compare. */
  async compare(generation: number): Promise<void> {
    const { client, history, lagMs } = this.parts;
    const { text, keys } = this.query(generation);
    const answer = await client.query(text, keys);
    const now = history.take();
    const before = history.before(lagMs);
    if (answer.kind === 'failed' || before === undefined || now.generation !== generation) return;
    const value = (key: string): number | undefined => {
      const sample = answer.parts.get(key);
      return sample?.kind === 'number' ? sample.value : undefined;
    };
    this.note(this.differences(value, before, now));
  }

  private differences(
    value: (key: string) => number | undefined,
    before: Snapshot,
    now: Snapshot,
  ): readonly string[] {
    const { slots } = this.parts;
    return this.everySeries().flatMap(({ objective, transport, side }) => {
      const key = keyOf(objective, transport, side);
      const theirs = value(key);
      const at = slots.at(objective.name, transport, side);
      const [low, high] = [before.totals[at] as number, now.totals[at] as number];
      if (theirs === undefined) return [`${key}: Prometheus has no series of this process`];
      return theirs >= low && theirs <= high
        ? []
        : [`${key}: ${theirs} in Prometheus, ${low} to ${high} here`];
    });
  }

  private note(differences: readonly string[]): void {
    const before = this.disagreements.length > 0;
    this.looks = differences.length > 0 ? this.looks + 1 : 0;
    this.current = differences;
    const disagree = this.disagreements.length > 0;
    if (disagree !== before) this.parts.observe({ kind: 'witnesses_disagree', disagree, about: differences });
  }

  private query(generation: number): { readonly text: string; readonly keys: ReadonlySet<string> } {
    const mine = `and on (job, instance) ${BUILD_INFO}{replica="${this.parts.replica}"}`;
    const parts = this.everySeries().map(({ objective, transport, side }) => {
      const labels = [`transport="${transport}"`, `generation="${generation}"`];
      const sum = objective[side].map((term) => termSum(term, labels, mine)).join(' + ');
      return { key: keyOf(objective, transport, side), sum };
    });
    return {
      text: together(parts.map(({ key, sum }) => part(sum, key))),
      keys: new Set(parts.map(({ key }) => key)),
    };
  }

  private everySeries(): { objective: Objective; transport: TransportName; side: Side }[] {
    return this.parts.objectives.flatMap((objective) =>
      TRANSPORTS.flatMap((transport) => SIDES.map((side) => ({ objective, transport, side }))),
    );
  }
}

function termSum(term: Term, labels: readonly string[], mine: string): string {
  const of = (suffix: string, more: readonly string[] = []) =>
    `sum(${term.metric}${suffix}${matchers(term, '', [...labels, ...more])} ${mine})`;
  if (term.aboveSeconds === undefined) return of(suffixOf(term));
  return `(${of('_count')} - ${of('_bucket', [bucketMatcher(term.aboveSeconds)])})`;
}

function keyOf({ name }: Objective, transport: TransportName, side: Side): string {
  return `${name} ${transport} ${side}`;
}
