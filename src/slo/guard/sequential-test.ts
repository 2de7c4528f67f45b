import type { TransportName } from '../../kernel/words';
import type { Limits } from './limits';
import type { Tally } from './tally';

/** How long exposure is remembered for the share of traffic, in seconds. */
const EXPOSURE_MEMORY_S = 60;
/** What is left of it a second later. */
export const EXPOSURE_FADE = Math.exp(-1 / EXPOSURE_MEMORY_S);
/** Evidence is not carried over a longer gap between looks: what came before belongs to another time. */
const LONGEST_GAP_S = 60;

export type Stream = keyof Limits;

/** "New fails `ratio` times as often as legacy", on one stream of events. */
export interface Rule {
  readonly name: string;
  readonly stream: Stream;
  readonly ratio: number;
}

/** What a rule has counted since its evidence was last zero. */
export type Segment = Readonly<Record<TransportName, { decided: number; bad: number }>>;

export interface Reading {
  readonly rule: Rule;
  /** Evidence in nats. */
  readonly score: number;
  readonly limit: number;
  /** The look at which evidence was last zero, in seconds of the clock that looks are numbered by. */
  readonly since: number;
  readonly segment: Segment;
}

/** All that a look rests on besides its tally. */
export interface TestState {
  /** Commands of clear devices, fading: the share of traffic is measured by them. */
  readonly exposure: Readonly<Record<TransportName, number>>;
  readonly scores: readonly number[];
}

interface RuleState {
  readonly rule: Rule;
  readonly gain: number;
  score: number;
  since: number;
  segment: Segment;
  wasAbove: boolean;
}

/** The rules for first failures at these ratios, and the one for newly broken devices. */
export function rulesFor(failureRatios: readonly number[], breakageRatio: number): Rule[] {
  const failures = failureRatios.map((ratio) => ({
    name: `failures x${ratio}`,
    stream: 'failures' as const,
    ratio,
  }));
  return [...failures, { name: `breakages x${breakageRatio}`, stream: 'breakages', ratio: breakageRatio }];
}

/**
 * Compares new with concurrent legacy, look by look. Given the events of a second, each is new's with the chance of
 * its share of traffic if the paths are equal; what happens to both alike, a busy evening or a shared outage, cancels.
 * Each rule adds the logarithm of the likelihood ratio and never falls below zero.
 */
export class SequentialTest {
  private readonly exposure = { new: 0, legacy: 0 };
  private readonly states: readonly RuleState[];
  private lastLook: number;

  constructor(
    rules: readonly Rule[],
    private limits: Limits,
    at = 0,
  ) {
    this.lastLook = at;
    this.states = rules.map((rule) => ({
      rule,
      gain: Math.log(rule.ratio),
      score: 0,
      since: at,
      segment: emptySegment(),
      wasAbove: false,
    }));
  }

  /** Share of traffic on new, 0…1; 1 while there is none at all, so that nothing can be blamed on it. */
  get share(): number {
    const { new: one, legacy } = this.exposure;
    return one + legacy === 0 ? 1 : one / (one + legacy);
  }

  get state(): TestState {
    return { exposure: { ...this.exposure }, scores: this.states.map(({ score }) => score) };
  }

  /** Takes in one second. The rule that has been at its limit for two looks in a row, the clearest first. */
  look(at: number, tally: Tally): Reading | undefined {
    if (at - this.lastLook > LONGEST_GAP_S) this.restart(at - 1);
    this.lastLook = at;
    this.exposure.new = this.exposure.new * EXPOSURE_FADE + tally.new.decided;
    this.exposure.legacy = this.exposure.legacy * EXPOSURE_FADE + tally.legacy.decided;
    const { share } = this;
    let clearest: RuleState | undefined;
    for (const state of this.states) {
      this.weigh(state, tally, share);
      if (state.score === 0) restartSegment(state, at);
      const isAbove = state.score >= this.limitOf(state);
      if (isAbove && state.wasAbove && (!clearest || this.excess(state) > this.excess(clearest)))
        clearest = state;
      state.wasAbove = isAbove;
    }
    return clearest && this.reading(clearest);
  }

  readings(): Reading[] {
    return this.states.map((state) => this.reading(state));
  }

  /** The share of traffic changes: what was measured of it says nothing any more. Evidence stays. */
  shareChanged(limits: Limits): void {
    this.exposure.new = 0;
    this.exposure.legacy = 0;
    this.limits = limits;
  }

  useLimits(limits: Limits): void {
    this.limits = limits;
  }

  /** Evidence from zero, as after a rollback. */
  restart(at: number): void {
    this.lastLook = at;
    this.exposure.new = 0;
    this.exposure.legacy = 0;
    for (const state of this.states) {
      Object.assign(state, { score: 0, wasAbove: false });
      restartSegment(state, at);
    }
  }

  /** Goes on from what another test had come to. */
  resume({ exposure, scores }: TestState): void {
    Object.assign(this.exposure, exposure);
    this.states.forEach((state, index) => (state.score = scores[index] ?? 0));
  }

  private weigh(state: RuleState, tally: Tally, share: number): void {
    const { rule, gain, segment } = state;
    const what = rule.stream === 'failures' ? 'failed' : 'broken';
    const ofNew = tally.new[what];
    const ofLegacy = tally.legacy[what];
    segment.new.decided += tally.new.decided;
    segment.new.bad += ofNew;
    segment.legacy.decided += tally.legacy.decided;
    segment.legacy.bad += ofLegacy;
    if (ofNew + ofLegacy === 0) return;
    const expected = Math.log(1 - share + rule.ratio * share);
    state.score = Math.max(0, state.score + ofNew * gain - (ofNew + ofLegacy) * expected);
  }

  private limitOf({ rule }: RuleState): number {
    return this.limits[rule.stream].nats;
  }

  private excess(state: RuleState): number {
    return state.score - this.limitOf(state);
  }

  private reading(state: RuleState): Reading {
    const { rule, score, since, segment } = state;
    return { rule, score, limit: this.limitOf(state), since, segment: structuredClone(segment) };
  }
}

function emptySegment(): Segment {
  return { new: { decided: 0, bad: 0 }, legacy: { decided: 0, bad: 0 } };
}

/** In place: this happens at most looks. */
function restartSegment(state: RuleState, at: number): void {
  state.since = at;
  const { new: one, legacy } = state.segment;
  one.decided = one.bad = legacy.decided = legacy.bad = 0;
}
