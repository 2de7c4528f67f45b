import type { Clock } from '../kernel/clock';
import { messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { accuse } from './accusation';
import type { Days } from './days';
import { evidenceOf, type Versions } from './evidence';
import { inParallel } from './in-parallel';
import { judgeObjective, windowsOf, type Judged } from './objective-verdict';
import type { Objective } from './objectives';
import { armOf, type Arm, type Health, type Reader, type ReadRequest } from './readings';
import { STREAK, type Streaks } from './streaks';
import type { Demand, Judge, Judgement, Question, Verdict } from './verdict';

export interface EvaluatorSettings {
  /** Looks in a row at which something could not be measured before the ramp is paused. */
  readonly blindTicks: number;
  readonly concurrency: number;
  /** So long after a generation began, series that are not there yet are no fault. */
  readonly youngMs: number;
}

/** What a judgement holds that is counted elsewhere. Never rejects. */
export interface Bystanders {
  gather(generation: number): Promise<Pick<Judgement, 'mirror' | 'coverage' | 'guardRates'>>;
}

export interface EvaluatorParts {
  readonly objectives: readonly Objective[];
  readonly reader: Reader;
  readonly days: Days;
  readonly streaks: Streaks;
  readonly bystanders: Bystanders;
  /** Looks whether the other source of numbers says the same. Never rejects. */
  readonly compareWitnesses: (generation: number) => Promise<void>;
  readonly versions: Versions;
  readonly settings: EvaluatorSettings;
  readonly clock: Clock;
  readonly observe: Observe;
}

/** What the last look found, for gauges and the API. */
export interface LastLook {
  readonly judged: readonly Judged[];
  readonly generation: number;
  /** By the clock that only grows: when it was; undefined before the first. */
  readonly lookedAt: number | undefined;
  /** By the same clock: when something was last measured; undefined before. */
  readonly measuredAt: number | undefined;
  readonly blind: boolean;
}

/** Reads all objectives, judges them, and says what follows. One look at a time. */
export class Evaluator implements Judge {
  private running: { readonly generation: number; readonly judgement: Promise<Judgement> } | undefined;
  private generationSeen = { generation: NaN, at: 0 };
  private readonly unknownTicks = new Map<string, number>();
  private readonly verdicts = new Map<string, Verdict>();
  private look: LastLook = {
    judged: [],
    generation: NaN,
    lookedAt: undefined,
    measuredAt: undefined,
    blind: false,
  };

  constructor(private readonly parts: EvaluatorParts) {}

  get lastLook(): LastLook {
    return this.look;
  }

  /** Never rejects. Asked again before the last answer is there, it gives that one. */
  judge(question: Question): Promise<Judgement> {
    if (this.running?.generation === question.generation) return this.running.judgement;
    const judgement = this.judgeNow(question).finally(() => {
      if (this.running?.judgement === judgement) this.running = undefined;
    });
    this.running = { generation: question.generation, judgement };
    return judgement;
  }

  private async judgeNow({ generation }: Question): Promise<Judgement> {
    const { objectives, bystanders, clock } = this.parts;
    this.noteGeneration(generation);
    const at = new Date(clock.wallNow()).toISOString();
    const health = await this.check();
    const judged = await this.readAll(health, generation);
    const demands = [...this.demandsOf(judged, generation, at), ...this.blindDemand(judged, at)];
    const days = health.kind === 'well' ? await this.finishedDays(health.nowMs, generation) : [];
    this.keep(judged, generation);
    return {
      at,
      generation,
      objectives: objectives.map((_, index) => (judged[index] as Judged).verdict),
      demands: demands.sort((one, other) => rank(one) - rank(other)),
      days,
      ...(await bystanders.gather(generation)),
    };
  }

  private async check(): Promise<Health> {
    try {
      return await this.parts.reader.check(this.parts.objectives);
    } catch (error) {
      return { kind: 'blind', why: messageOf(error) };
    }
  }

  private async readAll(health: Health, generation: number): Promise<Judged[]> {
    const { objectives, settings, clock, compareWitnesses } = this.parts;
    const young = clock.now() - this.generationSeen.at < settings.youngMs;
    const questions = objectives.flatMap((objective) => questionsOf(objective, generation));
    if (health.kind === 'well') await compareWitnesses(generation);
    const answers = await inParallel(
      settings.concurrency,
      questions.map((request) => () => this.armFor(request, health)),
    );
    return objectives.map((objective, index) => {
      const [accused, control, whole] = answers.slice(index * 3, index * 3 + 3) as [Answer, Answer, Answer];
      const reached = accused.reached && health.kind === 'well';
      return judgeObjective({
        objective,
        accused: accused.arm,
        control: control.arm,
        whole: whole.arm,
        young: young && reached,
      });
    });
  }

  private async armFor(request: ReadRequest, health: Health): Promise<Answer> {
    const { windowsMs } = request;
    const unread = (why: string): Answer => ({
      arm: armOf({ kind: 'unreachable', why, query: '' }, windowsMs),
      reached: false,
    });
    if (health.kind === 'blind') return unread(health.why);
    try {
      const readings = await this.parts.reader.read(request);
      return { arm: armOf(readings, windowsMs), reached: readings.kind === 'read' };
    } catch (error) {
      return unread(messageOf(error));
    }
  }

  private demandsOf(judged: readonly Judged[], generation: number, at: string): Demand[] {
    return judged.flatMap((one): Demand[] => {
      const { streaks, clock, reader, versions } = this.parts;
      const { objective, verdict } = one.verdict;
      const streak = streaks.note({
        generation,
        objective,
        verdict,
        now: clock.now(),
        wallMs: clock.wallNow(),
      });
      const accusation = accuse(one, streak.length >= STREAK);
      if (accusation.kind === 'none') return [];
      const evidence = evidenceOf(one, accusation, {
        generation,
        at,
        source: reader.source,
        versions,
        streak,
      });
      const { rule, why, critical } = accusation;
      return accusation.kind === 'rollback'
        ? [{ kind: 'rollback' as const, rule, why, evidence }]
        : [{ kind: 'pause' as const, rule: 'common_cause', why, critical, evidence }];
    });
  }

  /** Missing data holds the ramp at once; for long, it calls somebody. */
  private blindDemand(judged: readonly Judged[], at: string): Demand[] {
    const { settings, observe } = this.parts;
    const long: Judged[] = [];
    for (const one of judged) {
      const { objective, verdict } = one.verdict;
      const ticks = verdict === 'unknown' ? (this.unknownTicks.get(objective) ?? 0) + 1 : 0;
      this.unknownTicks.set(objective, ticks);
      if (ticks >= settings.blindTicks && !one.measured.objective.observeOnly) long.push(one);
    }
    const blind = long.length > 0;
    const why = long.map(({ verdict }) => `${verdict.objective} ${verdict.why}`).join('; ');
    if (blind !== this.look.blind) observe({ kind: 'evaluator_blind', blind, why });
    this.look = { ...this.look, blind };
    if (!blind) return [];
    const evidence = { kind: 'blind', at, ticks: Object.fromEntries(this.unknownTicks) };
    return [{ kind: 'pause', rule: 'blind', why, critical: false, evidence }];
  }

  private async finishedDays(nowMs: number, generation: number): Promise<Judgement['days']> {
    const { days, reader, objectives, settings } = this.parts;
    try {
      return await days.results({ reader, objectives, generation, nowMs, concurrency: settings.concurrency });
    } catch {
      // What could not be read is asked for again at the next look.
      return [];
    }
  }

  private noteGeneration(generation: number): void {
    if (generation === this.generationSeen.generation) return;
    this.generationSeen = { generation, at: this.parts.clock.now() };
    this.verdicts.clear();
  }

  private keep(judged: readonly Judged[], generation: number): void {
    const { clock, observe } = this.parts;
    for (const { verdict: found } of judged) {
      const { objective, verdict, why } = found;
      const before = this.verdicts.get(objective);
      if (before !== verdict)
        observe({ kind: 'verdict_changed', objective, verdict, before, why, generation });
      this.verdicts.set(objective, verdict);
    }
    const measured = judged.some(({ verdict }) => verdict.verdict !== 'unknown');
    this.look = {
      ...this.look,
      judged,
      generation,
      lookedAt: clock.now(),
      measuredAt: measured ? clock.now() : this.look.measuredAt,
    };
  }
}

interface Answer {
  readonly arm: Arm;
  readonly reached: boolean;
}

/** New and legacy in this generation, and new whatever the generation: the order in which answers are taken apart. */
function questionsOf(objective: Objective, generation: number): [ReadRequest, ReadRequest, ReadRequest] {
  const windowsMs = windowsOf(objective);
  return [
    { objective, transport: 'new', scope: generation, windowsMs },
    { objective, transport: 'legacy', scope: generation, windowsMs },
    { objective, transport: 'new', scope: 'whole', windowsMs: [objective.windowMs] },
  ];
}

function rank(demand: Demand): number {
  if (demand.kind === 'rollback') return 0;
  return demand.critical ? 1 : 2;
}
