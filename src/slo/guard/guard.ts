import type { Cancel, Clock } from '../../kernel/clock';
import type { DeviceId } from '../../kernel/device-id';
import { messageOf } from '../../kernel/errors';
import type { Fact, Observe } from '../../kernel/facts';
import { GUARD_RULES, type GuardRule } from '../../kernel/guard-facts';
import type { TransportName } from '../../kernel/words';
import type { TallyBoard } from './company';
import { settingsHash, type GuardSettings } from './guard-settings';
import { movesNobody, type GuardedPlan } from './guarded-plan';
import { Hearing } from './hearing';
import type { ConfirmedRun } from './run-rule';
import { Scales } from './scales';
import type { Reading } from './sequential-test';
import { tripOfReading, tripOfRun, type Circumstances, type GuardTrip } from './trip';
import type { Weighing } from './weighing';

export interface GuardParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly settings: GuardSettings;
  readonly replica: string;
  /** Undefined: there are no other replicas. */
  readonly board?: TallyBoard | undefined;
  readonly plan: () => GuardedPlan;
  /** The path that serves a device now. */
  readonly pathOf: (deviceId: DeviceId) => TransportName;
  /** Devices that are connected. */
  readonly fleetSize: () => number;
  /** Resolves when it is stored; it is in effect before that. */
  readonly rollBack: (trip: GuardTrip) => Promise<unknown>;
}

/**
 * How finely overdue commands are looked for.
 * @public The simulation looks as often.
 */
export const OVERDUE_TICK_MS = 20;
/** @public Likewise. */
export const LOOK_MS = 1000;
const LOOKS_BETWEEN_SILENCE_CHECKS = 5;
/** Seconds of tallies that are kept with a run, which itself takes no more than moments. */
const LOOKS_OF_A_RUN = 60;

/**
 * Watches new against concurrent legacy on this process's own counters and demands a rollback when new is worse. It
 * looks every second in every state of the rollout, and needs neither store nor metrics.
 */
export class Guard {
  readonly hearing: Hearing;
  readonly scales: Scales;
  private plan: GuardedPlan;
  private trip: GuardTrip | undefined;
  private lastSecond: number;
  private looks = 0;
  private cancels: Cancel[] = [];

  constructor(readonly parts: GuardParts) {
    this.plan = parts.plan();
    this.lastSecond = this.second();
    this.hearing = new Hearing({ ...parts, onRun: (run) => this.onRun(run) });
    const onReading = (reading: Reading, by: Weighing): void => this.onReading(reading, by);
    this.scales = new Scales({ ...parts, onReading }, this.plan, this.lastSecond);
  }

  /** The trip of this generation, if there was one. */
  get tripped(): GuardTrip | undefined {
    return this.trip;
  }

  /** The plan that the evidence belongs to. */
  get guarded(): GuardedPlan {
    return this.plan;
  }

  start(): void {
    if (!this.parts.settings.enabled) return;
    const { clock } = this.parts;
    this.cancels = [
      clock.every(OVERDUE_TICK_MS, () => this.hearing.decideOverdue()),
      clock.every(LOOK_MS, () => this.look()),
    ];
  }

  close(): void {
    for (const cancel of this.cancels) cancel();
    this.cancels = [];
  }

  readonly observe: Observe = (fact: Fact) => {
    // The run rule needs no look of its own: a guard that is off must not hear of commands at all.
    if (!this.parts.settings.enabled) return undefined;
    switch (fact.kind) {
      case 'routed':
        return this.hearing.onRouted(fact);
      case 'command_settled':
        return this.hearing.onSettled(fact);
      case 'packet':
        return this.hearing.onPacket(fact);
      case 'plan_changed':
        return this.followPlan();
      default:
        return undefined;
    }
  };

  /** Once a second. */
  look(): void {
    const second = this.second();
    if (second === this.lastSecond) return;
    this.lastSecond = second;
    this.followPlan();
    if ((this.looks += 1) % LOOKS_BETWEEN_SILENCE_CHECKS === 0) this.hearing.missSilentDevices();
    const tally = this.hearing.decisions.take(this.parts.clock.now(), this.parts.fleetSize());
    this.scales.look(second, tally, this.plan);
  }

  private followPlan(): void {
    const before = this.plan;
    this.plan = this.parts.plan();
    if (this.plan.generation !== before.generation) {
      this.trip = undefined;
      this.hearing.beginGeneration();
      this.scales.beginGeneration(this.plan, this.lastSecond);
    } else if (!movesNobody(before, this.plan)) {
      this.hearing.devicesMoved();
      this.scales.shareChanged(this.plan);
    }
  }

  private onReading(reading: Reading, weighing: Weighing): void {
    if (!this.trip) this.demand(tripOfReading(reading, this.circumstances(weighing, reading.since)));
  }

  private onRun(run: ConfirmedRun): void {
    const recent = this.second() - LOOKS_OF_A_RUN;
    if (!this.trip) this.demand(tripOfRun(run, this.circumstances(this.scales.own, recent)));
  }

  private circumstances(weighing: Weighing, since: number): Circumstances {
    const { settings } = this.parts;
    return {
      ...this.scales.weighed(weighing, since),
      generation: this.plan.generation,
      at: this.second(),
      falseAlarmDays: settings.falseAlarmDays,
      settings: settingsHash(settings),
    };
  }

  /** Latches itself: one trip a generation. */
  private demand(trip: GuardTrip): void {
    this.trip = trip;
    const { observe, settings, rollBack } = this.parts;
    const { rule, sentence, generation } = trip;
    observe({
      kind: 'guard_tripped',
      rule: kindOf(rule),
      sentence,
      generation,
      acted: !settings.observeOnly,
    });
    if (settings.observeOnly) return;
    rollBack(trip).catch((error: unknown) =>
      observe({ kind: 'guard_rollback_failed', generation, message: messageOf(error) }),
    );
  }

  private second(): number {
    return Math.floor(this.parts.clock.wallNow() / 1000);
  }
}

/** The rule without its ratio. */
function kindOf(rule: string): GuardRule {
  return GUARD_RULES.find((kind) => rule.startsWith(kind)) ?? 'failures';
}
