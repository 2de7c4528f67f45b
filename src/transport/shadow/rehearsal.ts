import type { Random } from '../../kernel/random';
import type { RetryBudget } from '../../kernel/retry-budget';
import { retryDelay, type RetrySettings } from '../../kernel/retry-schedule';
import type { Outcome } from '../../kernel/words';
import {
  deliveryStep,
  mayRepeat,
  type Awaited,
  type DeliveryEffect,
  type DeliveryEvent,
  type DeliveryState,
} from '../delivery/delivery';
import type { Pace, Waits } from '../delivery/pace';

/** Something that reached the controller while the command was under way. Instants are the clock's milliseconds. */
export type Cue =
  | { readonly kind: 'receipt'; readonly at: number }
  | { readonly kind: 'reply'; readonly at: number; readonly status: number }
  | { readonly kind: 'lost'; readonly at: number };

export interface Scene {
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** In order of time. */
  readonly cues: readonly Cue[];
}

/** What the new transport's deliveries share, and the shadow's with each other: never the real ones'. */
export interface Means {
  readonly pace: Pace;
  readonly budget: RetryBudget;
  readonly random: Random;
  readonly retry: RetrySettings;
}

export interface Rehearsed {
  /** What the delivery believes; after its last repeat went unanswered it does not look any more. */
  readonly outcome: Outcome;
  readonly latencyMs: number;
  readonly transmissions: number;
  readonly timeouts: Readonly<Record<Awaited, number>>;
  readonly denied: number;
}

/** Plays one command over the new transport, in the time in which it really went over legacy. Takes none itself. */
export function rehearse(scene: Scene, means: Means): Rehearsed {
  return new Rehearsal(scene, means).play();
}

/** Performs what `deliveryStep` decides, as the real delivery does, but for the transmissions: those it counts. */
class Rehearsal {
  private state: DeliveryState = { kind: 'created' };
  private timerAt = Number.POSITIVE_INFINITY;
  private ending: { readonly outcome: Outcome; readonly at: number } | undefined;
  private receipts = 0;
  private transmissions = 0;
  private denied = 0;
  private readonly timeouts = { receipt: 0, reply: 0 };
  private readonly waits: Waits;

  constructor(
    private readonly scene: Scene,
    private readonly means: Means,
  ) {
    this.waits = means.pace.waits;
    means.budget.earn();
  }

  play(): Rehearsed {
    const { startedAt, deadlineAt, cues } = this.scene;
    this.on({ kind: 'start', writable: true, at: startedAt }, startedAt);
    for (const cue of cues) {
      if (this.ending || cue.at >= deadlineAt) break;
      this.passUntil(cue.at);
      this.hear(cue);
    }
    this.passUntil(deadlineAt);
    this.end(this.unanswered(), deadlineAt);
    return this.result();
  }

  private hear(cue: Cue): void {
    switch (cue.kind) {
      case 'receipt':
        this.receipts += 1;
        return this.on({ kind: 'receipt', at: cue.at }, cue.at);
      case 'reply':
        // As in reality: the observer hears of it first and stops the delivery, which then learns from it.
        this.end(cue.status === 0 ? 'applied' : 'rejected', cue.at);
        return this.on({ kind: 'reply', at: cue.at }, cue.at);
      case 'lost':
        return this.end('connection_lost', cue.at);
    }
  }

  private end(outcome: Outcome, at: number): void {
    if (this.ending) return;
    this.ending = { outcome, at };
    this.on({ kind: 'stop' }, at);
  }

  private unanswered(): Outcome {
    return this.receipts > 0 ? 'accepted' : 'timeout';
  }

  private passUntil(instant: number): void {
    while (this.timerAt < instant) this.onTimer(this.timerAt);
  }

  private onTimer(at: number): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    const permitted = mayRepeat(this.state, this.means.retry.retries) && this.means.budget.spend();
    this.on({ kind: 'timer', writable: true, permitted, at }, at);
    if (this.state.kind === 'stopped') this.end(this.unanswered(), at);
  }

  private on(event: DeliveryEvent, at: number): void {
    const { state, effects } = deliveryStep(this.state, event, this.means.retry.retries);
    this.state = state;
    for (const effect of effects) this.perform(effect, at);
  }

  private perform(effect: DeliveryEffect, at: number): void {
    const { pace, random, retry } = this.means;
    switch (effect.kind) {
      case 'transmit':
        this.transmissions += 1;
        return;
      case 'start_timer':
        this.timerAt = at + this.waits[effect.awaited] + retryDelay(retry, effect.attempt - 1, random);
        return;
      case 'stop_timer':
        this.timerAt = Number.POSITIVE_INFINITY;
        return;
      case 'sample':
        return pace.learn(effect);
      case 'timed_out':
        this.timeouts[effect.awaited] += 1;
        return pace.learn(effect);
      case 'repeat_denied':
        this.denied += 1;
        return;
    }
  }

  private result(): Rehearsed {
    const { outcome, at } = this.ending as NonNullable<typeof this.ending>;
    const { transmissions, timeouts, denied } = this;
    return { outcome, latencyMs: at - this.scene.startedAt, transmissions, timeouts, denied };
  }
}
