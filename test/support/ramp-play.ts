import { randomInteger, type Random } from '../../src/kernel/random';
import type { DayResult, Demand, Question } from '../../src/slo/verdict';
import type { Ramp } from './ramp';
import { fight, remedyFor, REPAIRER } from './ramp-people';
import type { Scripted } from './scripted-judge';
import { allIsWell } from './ticking-replicas';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** No ramp that anybody fights is longer than this. */
const LONGEST_MS = 300 * DAY_MS;

const BURN: Demand = {
  kind: 'rollback',
  rule: 'guard',
  why: '31 of 400 commands failed on new, 0 of 380 on legacy',
  evidence: { bad: 31, all: 400 },
};
const STALE = {
  kind: 'rollback',
  to: 'zero',
  by: 'alertmanager',
  reason: 'an alert of an earlier generation, delivered late',
  evidence: { alertname: 'TcpCommBurn' },
} as const;
const COMMON_CAUSE: Demand = {
  kind: 'pause',
  rule: 'common_cause',
  why: 'both transports fail alike',
  critical: true,
  evidence: { bad: 40, all: 400 },
};

/** What happens in a ramp beside the looks, each at a moment of its own. */
export interface Script {
  readonly random: Random;
  /** Also wishes that are under way while the process ends: what comes of them is not the same in each run. */
  readonly rough: boolean;
  /** Stages in which Redis is away for some hours. */
  readonly outages: readonly string[];
}

/** Moments of the stay in one stage, in milliseconds since the epoch. */
interface Plans {
  readonly stage: string;
  rebuildAt: number;
  fightAt: number;
  outageAt: number;
  troubleAt: number;
}

const HOLD_DAYS: Readonly<Record<string, number>> = { 'dark-launch': 7, 'canary-50': 7, validation: 30 };
const TROUBLE: Readonly<Record<string, Demand>> = { 'canary-25': BURN, validation: COMMON_CAUSE };

/** Drives a ramp from its beginning to its end, whatever is in the way. */
export class Play {
  private readonly played = new Set<string>();
  private plans: Plans | undefined;
  private remedyAt: number | undefined;
  private replayed = false;
  private readonly deeds = new Set<string>();

  constructor(
    private readonly ramp: Ramp,
    private readonly script: Script,
  ) {}

  async run(): Promise<void> {
    const { ramp } = this;
    const latest = ramp.clock.wallNow() + LONGEST_MS;
    while (ramp.stage !== 'removal-ready') {
      if (ramp.clock.wallNow() > latest)
        throw new Error(`still in ${ramp.stage}, ${ramp.document.automation.kind}`);
      ramp.judge.says(this.judgement());
      await ramp.look(this.pace());
      await this.remedy();
      await this.happenings();
    }
  }

  /** Often in the hours in which a window may open an hour early or late, and seldom else. */
  private pace(): number {
    const hour = new Date(this.ramp.clock.wallNow()).getUTCHours();
    const isNight = hour >= 22 || hour < 5;
    return (
      (isNight ? randomInteger(this.script.random, 25, 60) : randomInteger(this.script.random, 240, 420)) *
      MINUTE_MS
    );
  }

  /** Everything is well, but for one demand, once, and for one day of the validation. */
  private judgement(): (question: Question) => Scripted {
    const { ramp } = this;
    const plans = this.due('troubleAt');
    const demand = plans && TROUBLE[plans.stage];
    const well = allIsWell(ramp.clock);
    return (question) => {
      const judged = well(question);
      const days = (judged.days ?? []).map((day) => this.spoilt(day));
      return { ...judged, days, demands: demand ? [demand] : [] };
    };
  }

  private spoilt(day: DayResult): DayResult {
    const { enteredAt, stage } = this.ramp.document.position;
    const third = new Date(Date.parse(enteredAt) + 3 * DAY_MS).toISOString().slice(0, 10);
    const failed = stage === 'validation' && day.day === third && day.objective === 'packet-loss';
    return failed ? { ...day, result: 'failed' } : day;
  }

  /** Ana comes some hours or days after something has stopped the ramp; it may have been about to go on. */
  private async remedy(): Promise<void> {
    const { ramp, script } = this;
    const remedy = remedyFor(ramp);
    if (remedy === undefined) return void (this.remedyAt = undefined);
    this.remedyAt ??= ramp.clock.wallNow() + randomInteger(script.random, 5, 60) * HOUR_MS;
    if (ramp.clock.wallNow() < this.remedyAt) return;
    this.remedyAt = undefined;
    const answered = await ramp.wish(REPAIRER, remedy);
    if (answered !== 'done') ramp.breaches.push(`${REPAIRER} was refused: ${answered}`);
  }

  private async happenings(): Promise<void> {
    const { ramp, script } = this;
    this.plan();
    if (this.due('fightAt')) await fight(ramp, script.random, this.deeds);
    if (this.due('rebuildAt')) await this.rebuild();
    if (this.due('outageAt')) {
      ramp.note('Redis is killed');
      await ramp.outage([HOUR_MS, 2 * HOUR_MS]);
      ramp.note('Redis is back');
    }
  }

  private async rebuild(): Promise<void> {
    const { ramp, script } = this;
    ramp.note('the process ends, and another begins');
    const wish = { path: '/v1/rollout/pause', body: { reason: 'just when it stops' } };
    if (script.rough) await ramp.rebuildAround(() => ramp.wish('ben', wish));
    else await ramp.rebuild();
    // What was fired in the generation before comes now.
    const { generation } = ramp.document.plan;
    if (generation === 1 || this.replayed) return;
    this.replayed = true;
    await ramp.tell({ ...STALE, generation: generation - 1 });
  }

  /** Draws the moments of a stage when it is entered for the first time. */
  private plan(): void {
    const { ramp, script, played } = this;
    const { stage } = ramp;
    if (played.has(stage)) return;
    played.add(stage);
    const holdMs = (HOLD_DAYS[stage] ?? 3) * DAY_MS;
    const within = (from: number, to: number) =>
      ramp.clock.wallNow() + Math.floor((from + script.random.next() * (to - from)) * holdMs);
    const moment = () => within(0, 0.9);
    const outageAt = script.outages.includes(stage) ? moment() : Infinity;
    this.plans = { stage, rebuildAt: moment(), fightAt: within(0.6, 1), outageAt, troubleAt: moment() };
  }

  /** The plans, once, when that moment has come. */
  private due(what: 'rebuildAt' | 'fightAt' | 'outageAt' | 'troubleAt'): Plans | undefined {
    const { plans, ramp } = this;
    if (!plans || plans[what] > ramp.clock.wallNow()) return undefined;
    plans[what] = Infinity;
    return plans;
  }
}
