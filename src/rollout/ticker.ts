import { NO_TIMER, type Clock } from '../kernel/clock';
import { AppError, messageOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import type { TickOutcome } from '../kernel/replica-facts';
import type { Judge, Judgement } from '../slo/verdict';
import type { Held, Lease } from '../store/lease';
import type { JudgementBoard } from './judgement-board';
import type { Applied, Wished } from './rollout';
import type { RolloutDocument } from './document';

/** What a tick needs of the rollout. */
export interface TickedRollout {
  readonly document: RolloutDocument;
  apply(wished: Wished, fencingToken?: number): Promise<Applied>;
}

export interface TickerSettings {
  /** A judgement that takes longer is given up. */
  readonly tickTimeoutMs: number;
  /** An older judgement is not shown any more. */
  readonly judgementTtlMs: number;
}

export interface TickerParts {
  readonly rollout: TickedRollout;
  readonly judge: Judge;
  readonly lease: Lease;
  readonly board: JudgementBoard;
  readonly settings: TickerSettings;
  readonly clock: Clock;
  readonly observe: Observe;
}

interface Kept {
  readonly judgement: Judgement;
  readonly keptAt: number;
}

const PROGRAM = { by: 'pointsman', reason: 'a regular look' } as const;

/**
 * The control plane's regular look: asks how the transports fare and lets the rollout decide what follows. One look at
 * a time, by the replica that holds the lease; should two do it, the token and the store let one of them through.
 * While nobody can hold it every replica looks: a broken store must not keep a bad transport in use.
 */
export class Ticker {
  private running = false;
  private kept: Kept | undefined;
  private wasHeld: boolean | undefined;

  constructor(private readonly parts: TickerParts) {}

  /** The newest judgement of the present generation, by whichever replica; undefined when it is too old. */
  get latestJudgement(): Judgement | undefined {
    const { clock, settings, rollout } = this.parts;
    if (!this.kept || clock.now() - this.kept.keptAt > settings.judgementTtlMs) return undefined;
    const { judgement } = this.kept;
    return judgement.generation === rollout.document.plan.generation ? judgement : undefined;
  }

  /** Never rejects: what goes wrong is a fact, and the next tick begins afresh. */
  async tick(): Promise<void> {
    if (this.running) {
      this.report('skipped', 'the tick before has not ended');
      return;
    }
    this.running = true;
    try {
      const outcome = await this.look();
      if (outcome !== undefined) this.report(outcome, '');
    } catch (error) {
      this.report(...outcomeOf(error));
    } finally {
      this.running = false;
    }
  }

  /** Takes or prolongs the lease. Never rejects. */
  async renew(): Promise<void> {
    this.noteLeadership(await this.parts.lease.hold());
  }

  /** Reads what the leader has judged, where that is another replica. Never rejects. */
  async follow(): Promise<void> {
    if (this.parts.lease.belief.held) return;
    const judgement = await this.parts.board.read();
    if (judgement && judgement.at !== this.kept?.judgement.at) this.keep(judgement);
  }

  /** Undefined when it is not this replica's business. */
  private async look(): Promise<TickOutcome | undefined> {
    await this.renew();
    const { lease } = this.parts;
    if (!lease.belief.held && lease.belief.holder !== undefined) return undefined;
    const judgement = await this.judge();
    this.keep(judgement);
    // It may have taken long: whoever lost the lease meanwhile leaves it to the one who has it.
    const { belief } = lease;
    if (!belief.held && belief.holder !== undefined) return 'overtaken';
    // Nobody can say who leads when the store is away. Then each replica sees to its own safety; nothing can be raised.
    return this.apply(judgement, belief.held ? belief.token : undefined);
  }

  private async apply(judgement: Judgement, fencingToken: number | undefined): Promise<TickOutcome> {
    const { rollout, board } = this.parts;
    // First, because it is worth showing whatever becomes of it.
    if (fencingToken !== undefined) void board.post(judgement);
    const { unchanged } = await rollout.apply({ kind: 'tick', judgement, ...PROGRAM }, fencingToken);
    return unchanged === undefined ? 'changed' : 'unchanged';
  }

  private judge(): Promise<Judgement> {
    const { judge, rollout, clock, settings } = this.parts;
    const { plan, position } = rollout.document;
    const question = { generation: plan.generation, stage: position.stage, since: position.enteredAt };
    let cancel = NO_TIMER;
    const timeout = new Promise<never>((_resolve, reject) => {
      cancel = clock.after(settings.tickTimeoutMs, () => reject(new Overran(settings.tickTimeoutMs)));
    });
    return Promise.race([judge.judge(question), timeout]).finally(() => cancel());
  }

  private keep(judgement: Judgement): void {
    this.kept = { judgement, keptAt: this.parts.clock.now() };
  }

  private noteLeadership(held: Held): void {
    if (held.held === this.wasHeld) return;
    this.wasHeld = held.held;
    const token = held.held ? held.token : undefined;
    const holder = held.held ? undefined : held.holder;
    this.parts.observe({ kind: 'leadership_changed', held: held.held, token, holder });
  }

  private report(outcome: TickOutcome, message: string): void {
    this.parts.observe({ kind: 'ticked', outcome, message });
  }
}

class Overran extends Error {
  constructor(afterMs: number) {
    super(`no judgement within ${afterMs} ms`);
  }
}

/** That another replica was quicker is how two leaders are made harmless, and no fault. */
function outcomeOf(error: unknown): [TickOutcome, string] {
  if (error instanceof Overran) return ['overran', error.message];
  if (error instanceof AppError && error.code === 'revision.mismatch') return ['overtaken', ''];
  return ['failed', messageOf(error)];
}
