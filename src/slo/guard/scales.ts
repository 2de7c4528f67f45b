import type { Clock } from '../../kernel/clock';
import type { MeasuredRates } from '../fleet/evidence-notice';
import { BaseRates } from './base-rates';
import { Company, type TallyBoard } from './company';
import { rulesOf, type GuardSettings } from './guard-settings';
import { shareOf, type GuardedPlan } from './guarded-plan';
import { limitsOf, type Limits } from './limits';
import type { Reading } from './sequential-test';
import type { Tally } from './tally';
import type { Scope, Weighed } from './trip';
import { Weighing } from './weighing';

export interface ScalesParts {
  readonly clock: Clock;
  readonly settings: GuardSettings;
  readonly replica: string;
  /** Undefined: there are no other replicas. */
  readonly board?: TallyBoard | undefined;
  /** A rule is at its limit, by the tallies that decide now. */
  readonly onReading: (reading: Reading, by: Weighing) => void;
}

/** Weighs the tally of every second: this replica's own, and the sum of all replicas, which decides while there is one. */
export class Scales {
  /** By this replica's own tallies. */
  readonly own: Weighing;
  /** By those of all replicas. */
  readonly together: Weighing;
  readonly company: Company | undefined;
  private readonly baseRates = new BaseRates();
  private readonly rules: ReturnType<typeof rulesOf>;
  /** Guards that may have to decide each alone share the false alarms that are allowed. */
  private deciders = 1;

  constructor(
    private readonly parts: ScalesParts,
    plan: GuardedPlan,
    second: number,
  ) {
    const { clock, settings, board, replica } = parts;
    this.rules = rulesOf(settings);
    this.own = new Weighing(this.rules.rules, this.limits(plan, 1), second);
    this.together = new Weighing(this.rules.rules, this.limits(plan, 1), second);
    const onSum = (at: number, sum: Tally, whole: boolean): void => this.lookTogether(at, sum, whole);
    this.company = board && new Company({ clock, board, replica, onSum });
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

  look(second: number, tally: Tally, plan: GuardedPlan): void {
    this.followCompany(plan);
    // Beside others this process's own events are not those of the fleet: such a second is left out.
    if (this.deciders === 1) this.baseRates.add(tally, this.parts.clock.now());
    const reading = this.own.look(second, tally);
    this.company?.exchange(second, `${plan.generation}.${plan.revision}`, tally);
    if (reading && this.scope === 'this replica') this.parts.onReading(reading, this.own);
  }

  /** Evidence stays. */
  shareChanged(plan: GuardedPlan): void {
    this.own.shareChanged(this.limits(plan, this.deciders));
    this.together.shareChanged(this.limits(plan, 1));
  }

  /** Evidence of an earlier generation is over. */
  beginGeneration(plan: GuardedPlan, second: number): void {
    for (const weighing of [this.own, this.together]) weighing.restart(second);
    this.own.useLimits(this.limits(plan, this.deciders));
    this.together.useLimits(this.limits(plan, 1));
  }

  /** What a decision by one of the two rests on. */
  weighed(weighing: Weighing, since: number): Weighed {
    const isOwn = weighing === this.own;
    return {
      scope: isOwn ? 'this replica' : 'all replicas',
      share: weighing.test.share,
      rules: this.rules.count,
      tested: this.rules.rules,
      deciders: isOwn ? this.deciders : 1,
      limits: weighing.limits,
      looks: weighing.looksSince(since),
    };
  }

  private lookTogether(second: number, sum: Tally, whole: boolean): void {
    if (whole && this.deciders > 1) this.baseRates.add(sum, this.parts.clock.now());
    const reading = this.together.look(second, sum);
    if (reading && this.scope === 'all replicas') this.parts.onReading(reading, this.together);
  }

  private followCompany(plan: GuardedPlan): void {
    const replicas = this.company?.replicas ?? 1;
    if (replicas === this.deciders) return;
    this.deciders = replicas;
    this.own.useLimits(this.limits(plan, replicas));
  }

  private limits(plan: GuardedPlan, deciders: number): Limits {
    const { falseAlarmDays } = this.parts.settings;
    const { rates } = plan;
    return limitsOf({ falseAlarmDays, rules: this.rules.count, deciders, share: shareOf(plan), rates });
  }
}
