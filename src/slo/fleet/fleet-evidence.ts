import type { Observe } from '../../kernel/facts';
import { BoardAttempts } from '../../store/board-attempts';
import type { Noticeboard } from '../../store/noticeboard';
import type { CohortCoverage, GuardRates, MirrorEvidence } from '../verdict';
import { DECIDED, estimate, HEARD, SPOKEN, united, type KnownMember } from './device-sample';
import { evidenceIn, membersOf, noticeOf, type MeasuredRates, type ReplicaEvidence } from './evidence-notice';

const BOARD = 'evidence';
/** So many times as seldom as replicas say that they are there they tell what they have counted: it is much more. */
export const EVIDENCE_EVERY = 5;
/** Where replicas say that they are there. */
const PRESENCE = 'replicas';

/** What this process has counted by itself. */
export interface OwnEvidence {
  mirror(generation: number): { readonly compared: number; readonly disagreed: number };
  members(): Iterable<KnownMember>;
  /** Devices that have dialled in at any time and were not forgotten. */
  remembered(): Iterable<string>;
  rates(): MeasuredRates | undefined;
}

export interface FleetEvidenceParts {
  readonly board: Noticeboard;
  readonly replica: string;
  readonly own: OwnEvidence;
  /** Of the plan in effect here. */
  readonly generation: () => number;
  /** A notice older than this is none. */
  readonly ttlMs: number;
  readonly observe: Observe;
}

/** What a judgement holds that is counted by every replica for itself. */
export interface GatheredEvidence {
  readonly mirror: MirrorEvidence;
  readonly coverage: CohortCoverage;
  readonly guardRates: GuardRates | undefined;
}

/**
 * Adds up what the replicas have counted. Each puts up its own counts; who judges reads them. A replica that is there
 * and whose counts are not, or are of another generation, is named: what is counted then is a lower bound.
 */
export class FleetEvidence {
  private others: readonly string[] = [];
  private readonly attempts: BoardAttempts;

  constructor(private readonly parts: FleetEvidenceParts) {
    this.attempts = new BoardAttempts(BOARD, parts.observe);
  }

  /** Puts up this replica's counts, where there is somebody to read them. Never rejects. */
  async post(): Promise<void> {
    const { board, replica, generation, ttlMs } = this.parts;
    await this.attempts.attempt(async () => {
      await this.lookWhoIsThere();
      if (this.others.length > 0) await board.post(BOARD, replica, noticeOf(this.own(generation())), ttlMs);
    });
  }

  /** Never rejects: without the others' counts they are all missing. */
  async gather(generation: number): Promise<GatheredEvidence> {
    const notices = await this.attempts.attempt(async () => {
      await this.lookWhoIsThere();
      return this.others.length > 0 ? this.parts.board.read(BOARD) : undefined;
    });
    const heard = [this.own(generation)];
    const missing: string[] = [];
    for (const name of this.others) {
      const evidence = evidenceIn(notices?.get(name) ?? '');
      if (evidence?.generation === generation) heard.push(evidence);
      else missing.push(name);
    }
    return summed(heard, missing);
  }

  private own(generation: number): ReplicaEvidence {
    const { own } = this.parts;
    return {
      generation,
      mirror: own.mirror(generation),
      ...membersOf(own.members(), own.remembered()),
      rates: own.rates(),
    };
  }

  private async lookWhoIsThere(): Promise<void> {
    const there = await this.parts.board.read(PRESENCE);
    this.others = [...there]
      // One that goes takes its notice down by putting up an empty one.
      .filter(([name, text]) => name !== this.parts.replica && text !== '')
      .map(([name]) => name)
      .sort();
  }
}

function summed(heard: readonly ReplicaEvidence[], missing: readonly string[]): GatheredEvidence {
  const from = { replicas: heard.length, missing };
  const sum = (countOf: (one: ReplicaEvidence) => number): number =>
    heard.reduce((total, one) => total + countOf(one), 0);
  const compared = sum(({ mirror }) => mirror.compared);
  const disagreed = sum(({ mirror }) => mirror.disagreed);
  return {
    mirror: { compared, disagreed, ...from },
    coverage: { ...coverageOf(heard), ...from },
    guardRates: longestMeasured(heard),
  };
}

function coverageOf(heard: readonly ReplicaEvidence[]): CohortCoverage {
  const cohort = united(heard.map((one) => one.cohort));
  const all = united(heard.flatMap((one) => [one.cohort, one.others]));
  const known = estimate(all, HEARD);
  return {
    known,
    devices: estimate(cohort),
    spoken: estimate(cohort, SPOKEN),
    decided: estimate(cohort, DECIDED),
    absent: estimate(all) - known,
    sampled: 1 / 2 ** all.level,
  };
}

/** Each has counted the events of all replicas, for as long as it has been there. */
function longestMeasured(heard: readonly ReplicaEvidence[]): GuardRates | undefined {
  const [longest] = heard
    .flatMap(({ rates }) => (rates ? [rates] : []))
    .sort((one, other) => other.seconds - one.seconds);
  return longest && { firstFailures: longest.firstFailures, breakages: longest.breakages };
}
