import type { Cancel, Clock } from '../../kernel/clock';
import type { DeviceId } from '../../kernel/device-id';
import { messageOf } from '../../kernel/errors';
import type { CommandSettledFact, Fact, Observe, PacketFact } from '../../kernel/facts';
import { GUARD_RULES, type GuardRule } from '../../kernel/guard-facts';
import type { TransportName } from '../../kernel/words';
import type { MeasuredRates } from '../fleet/evidence-notice';
import type { GuardRates } from '../verdict';
import { BaseRates } from './base-rates';
import { Company, type TallyBoard } from './company';
import { Decisions } from './decisions';
import { rulesOf, settingsHash, type GuardSettings } from './guard-settings';
import { InFlight, type Sent } from './in-flight';
import { limitsOf, type Limits } from './limits';
import { PULSE_SETTINGS, Pulses } from './pulses';
import type { Run } from './run-rule';
import type { Reading } from './sequential-test';
import type { Tally } from './tally';
import { tripOfReading, tripOfRun, type Circumstances, type GuardTrip, type Scope } from './trip';
import { verdictOn } from './outcome-verdict';
import { Weighing } from './weighing';

/** What the guard must know of the plan in effect. */
export interface GuardedPlan {
  readonly generation: number;
  readonly revision: number;
  readonly percentage: number;
  readonly holdback: number;
  /** Replaced when it changes, never modified. */
  readonly pins: unknown;
  /** Measured before the first device moved; null when never. */
  readonly rates: GuardRates | null;
}

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
/** A tick this late means that the process stood still: answers may lie unread, and are read first. */
const STOOD_STILL_MS = 200;
const HEARTBEAT = 0xd3;
const LOOKS_BETWEEN_SILENCE_CHECKS = 5;
/** Seconds of tallies that are kept with a run, which itself takes no more than moments. */
const LOOKS_OF_A_RUN = 60;

/**
 * Watches new against concurrent legacy on this process's own counters and demands a rollback when new is worse. It
 * looks every second in every state of the rollout, and needs neither store nor metrics.
 */
export class Guard {
  readonly decisions: Decisions;
  readonly inFlight: InFlight;
  readonly pulses: Pulses;
  /** By this replica's own tallies. */
  readonly own: Weighing;
  /** By those of all replicas. */
  readonly together: Weighing;
  readonly company: Company | undefined;
  private readonly baseRates = new BaseRates();
  private readonly rules: ReturnType<typeof rulesOf>;
  private plan: GuardedPlan;
  private deciders = 1;
  private trip: GuardTrip | undefined;
  private lastSecond: number;
  private lastTickAt: number;
  private looks = 0;
  private cancels: Cancel[] = [];

  constructor(readonly parts: GuardParts) {
    const { settings, clock, board, replica } = parts;
    const { asideLeast, asidePercent, maxDevices } = settings;
    this.rules = rulesOf(settings);
    this.plan = parts.plan();
    this.lastSecond = this.second();
    this.lastTickAt = clock.now();
    this.decisions = new Decisions({ records: maxDevices, asideLeast, asideShare: asidePercent / 100 });
    this.inFlight = new InFlight(settings.maxInFlight);
    this.pulses = new Pulses({ ...PULSE_SETTINGS, devices: maxDevices });
    this.own = new Weighing(this.rules.rules, this.limits(1), this.lastSecond);
    this.together = new Weighing(this.rules.rules, this.limits(1), this.lastSecond);
    const onSum = (second: number, sum: Tally, whole: boolean): void => this.lookTogether(second, sum, whole);
    this.company = board && new Company({ clock, board, replica, onSum });
  }

  /** The trip of this generation, if there was one. */
  get tripped(): GuardTrip | undefined {
    return this.trip;
  }

  /** Events per second of the last day, of all replicas together, for the limits of later stages. */
  get rates(): MeasuredRates | undefined {
    return this.baseRates.rates;
  }

  /** Whose tallies decide now. */
  get scope(): Scope {
    return this.company?.isFresh ? 'all replicas' : 'this replica';
  }

  get deciding(): Weighing {
    return this.scope === 'all replicas' ? this.together : this.own;
  }

  /** The plan that the evidence belongs to. */
  get guarded(): GuardedPlan {
    return this.plan;
  }

  start(): void {
    if (!this.parts.settings.enabled) return;
    const { clock } = this.parts;
    this.cancels = [
      clock.every(OVERDUE_TICK_MS, () => this.decideOverdue()),
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
        return this.onRouted(fact);
      case 'command_settled':
        return this.onSettled(fact);
      case 'packet':
        return this.onPacket(fact);
      case 'plan_changed':
        return this.followPlan();
      default:
        return undefined;
    }
  };

  /** Decides as bad what is unanswered for longer than it may be. */
  decideOverdue(): void {
    const now = this.parts.clock.now();
    const stoodStill = now - this.lastTickAt > STOOD_STILL_MS;
    this.lastTickAt = now;
    if (stoodStill) return;
    for (const sent of this.inFlight.overdue(now - this.parts.settings.latencyThresholdMs))
      this.decide(sent, true);
  }

  /** Once a second. */
  look(): void {
    const second = this.second();
    if (second === this.lastSecond) return;
    this.lastSecond = second;
    this.followPlan();
    const now = this.parts.clock.now();
    if ((this.looks += 1) % LOOKS_BETWEEN_SILENCE_CHECKS === 0) this.missSilentDevices(now);
    const tally = this.decisions.take(now, this.parts.fleetSize());
    this.followCompany();
    // Beside others this process's own events are not those of the fleet: such a second is left out.
    if (this.deciders === 1) this.baseRates.add(tally, now);
    const reading = this.own.look(second, tally);
    this.company?.exchange(second, this.planKey(), tally);
    if (reading && this.scope === 'this replica') this.onReading(reading, this.own);
  }

  private lookTogether(second: number, sum: Tally, whole: boolean): void {
    if (whole && this.deciders > 1) this.baseRates.add(sum, this.parts.clock.now());
    const reading = this.together.look(second, sum);
    if (reading && this.scope === 'all replicas') this.onReading(reading, this.together);
  }

  private onRouted({
    commandId,
    purpose,
    deviceId,
    transport: path,
  }: Extract<Fact, { kind: 'routed' }>): void {
    // A query changes nothing and is no evidence.
    if (purpose === 'command')
      this.inFlight.left(commandId, { deviceId, path, leftAt: this.parts.clock.now() });
  }

  private onSettled(fact: CommandSettledFact): void {
    const sent = this.inFlight.settled(fact.commandId);
    const bad = verdictOn(fact, this.parts.settings.latencyThresholdMs);
    if (sent && bad !== undefined) this.decide(sent, bad);
  }

  private onPacket({ direction, deviceId, type, transport: path }: PacketFact): void {
    if (direction === 'received' && deviceId !== '')
      this.pulses.heard(deviceId, { path, report: type === HEARTBEAT }, this.parts.clock.now());
  }

  private decide({ deviceId, path }: Sent, bad: boolean): void {
    const run = this.decisions.decided({ deviceId, path, bad }, this.parts.clock.now());
    if (run) this.onRun(run);
  }

  private missSilentDevices(now: number): void {
    for (const { deviceId, path } of this.pulses.fallenSilent(now)) {
      // One that was moved since it was last heard tells of neither path.
      if (this.parts.pathOf(deviceId) === path) this.decisions.fellSilent(deviceId, path, now);
    }
  }

  private followPlan(): void {
    const { plan } = this;
    const next = this.parts.plan();
    this.plan = next;
    if (next.generation !== plan.generation) return this.beginGeneration();
    if (next.percentage === plan.percentage && next.holdback === plan.holdback && next.pins === plan.pins)
      return;
    this.inFlight.dropMoved(this.parts.pathOf);
    this.decisions.forgetSecond();
    this.own.shareChanged(this.limits(this.deciders));
    this.together.shareChanged(this.limits(1));
  }

  /** Evidence of an earlier generation is over; what is known of devices is not. */
  private beginGeneration(): void {
    this.trip = undefined;
    this.inFlight.clear();
    this.decisions.forgetSecond();
    for (const weighing of [this.own, this.together]) weighing.restart(this.lastSecond);
    this.own.useLimits(this.limits(this.deciders));
    this.together.useLimits(this.limits(1));
  }

  /** Guards that may have to decide each alone share the false alarms that are allowed. */
  private followCompany(): void {
    const replicas = this.company?.replicas ?? 1;
    if (replicas === this.deciders) return;
    this.deciders = replicas;
    this.own.useLimits(this.limits(replicas));
  }

  private limits(deciders: number): Limits {
    const { percentage, holdback, rates } = this.plan;
    const share = (percentage / 100) * (1 - holdback / 100);
    const { falseAlarmDays } = this.parts.settings;
    return limitsOf({ falseAlarmDays, rules: this.rules.count, deciders, share, rates });
  }

  private onReading(reading: Reading, weighing: Weighing): void {
    if (this.trip) return;
    const { since } = reading;
    this.demand(tripOfReading(reading, this.circumstances(weighing, since)));
  }

  private onRun(run: Run): void {
    this.decisions.run.reset();
    if (this.trip) return;
    const recent = this.second() - LOOKS_OF_A_RUN;
    this.demand(tripOfRun(run, { ...this.circumstances(this.own, recent), scope: 'this replica' }));
  }

  private circumstances(weighing: Weighing, since: number): Circumstances {
    const { settings } = this.parts;
    return {
      generation: this.plan.generation,
      at: this.second(),
      scope: weighing === this.own ? 'this replica' : 'all replicas',
      share: weighing.test.share,
      falseAlarmDays: settings.falseAlarmDays,
      rules: this.rules.count,
      tested: this.rules.rules,
      deciders: weighing === this.own ? this.deciders : 1,
      limits: weighing.limits,
      settings: settingsHash(settings),
      looks: weighing.looksSince(since),
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

  private planKey(): string {
    return `${this.plan.generation}.${this.plan.revision}`;
  }

  private second(): number {
    return Math.floor(this.parts.clock.wallNow() / 1000);
  }
}

/** The rule without its ratio. */
function kindOf(rule: string): GuardRule {
  return GUARD_RULES.find((kind) => rule.startsWith(kind)) ?? 'failures';
}
