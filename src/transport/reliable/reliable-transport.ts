import { NO_TIMER, type Clock } from '../../kernel/clock';
import type { Observe } from '../../kernel/facts';
import type { Random } from '../../kernel/random';
import { RetryBudget } from '../../kernel/retry-budget';
import { retryDelay } from '../../kernel/retry-schedule';
import type { Exchange, ExchangeListener, ExchangeRequest, Link } from '../../link/link';
import type { MeshPage } from '../../protocol/mesh-info';
import { commandFrame } from '../command-frame';
import {
  deliveryStep,
  mayRepeat,
  type Awaited,
  type DeliveryEffect,
  type DeliveryEvent,
  type DeliveryState,
} from '../delivery/delivery';
import { Pace, type Waits } from '../delivery/pace';
import type { ReliableSettings } from '../delivery/settings';
import type { Assignment, Attempt, Transport } from '../transport';

export interface ReliableParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
  readonly settings: ReliableSettings;
}

/** The new way: numbered, acknowledged, and repeated with the same numbers until the device has replied. */
export class ReliableTransport implements Transport {
  readonly name = 'new';
  /** What was learned of each device's pace lives as long as its connection. */
  private readonly paces = new WeakMap<Link, Pace>();

  private readonly budget: RetryBudget;

  constructor(private readonly parts: ReliableParts) {
    this.budget = new RetryBudget(parts.settings.budget);
  }

  begin(assignment: Assignment): Attempt {
    this.budget.earn();
    return new Delivery(assignment, this.parts, { pace: this.paceOf(assignment.link), budget: this.budget });
  }

  private paceOf(link: Link): Pace {
    const known = this.paces.get(link);
    if (known) return known;
    const fresh = new Pace(this.parts.settings);
    this.paces.set(link, fresh);
    return fresh;
  }
}

/** What deliveries share: those of one connection its pace, all of them the budget. */
interface Shared {
  readonly pace: Pace;
  readonly budget: RetryBudget;
}

/** Performs what `deliveryStep` decides for one command. */
class Delivery implements Attempt, ExchangeListener {
  private state: DeliveryState = { kind: 'created' };
  private cancelTimer = NO_TIMER;
  private readonly waits: Waits;
  private readonly request: ExchangeRequest;
  private readonly exchange: Exchange;

  constructor(
    assignment: Assignment,
    private readonly parts: ReliableParts,
    private readonly shared: Shared,
  ) {
    this.waits = shared.pace.waits;
    this.request = { messageId: assignment.link.nextMessageId(), frame: commandFrame(assignment) };
    this.exchange = assignment.openExchange(this);
    this.on({ kind: 'start', writable: this.exchange.writable, at: parts.clock.now() });
  }

  stop(): void {
    this.on({ kind: 'stop' });
  }

  receipt(at: number): void {
    this.on({ kind: 'receipt', at });
  }

  reply(_status: number, at: number): void {
    this.on({ kind: 'reply', at });
  }

  page(_page: MeshPage, at: number): void {
    this.on({ kind: 'reply', at });
  }

  drained(): void {
    this.on({ kind: 'drained', at: this.parts.clock.now() });
  }

  ended(): void {
    this.stop();
  }

  private on(event: DeliveryEvent): void {
    const { state, effects } = deliveryStep(this.state, event, this.parts.settings.retry.retries);
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: DeliveryEffect): void {
    switch (effect.kind) {
      case 'transmit':
        return this.exchange.transmit(this.request);
      case 'start_timer':
        return this.startTimer(effect.awaited, effect.attempt);
      case 'stop_timer':
        return this.cancelTimer();
      case 'sample':
        return this.shared.pace.learn(effect);
      case 'timed_out':
        this.shared.pace.learn(effect);
        return this.parts.observe({ kind: 'answer_timeout', transport: 'new', awaited: effect.awaited });
      case 'repeat_denied':
        return this.parts.observe({ kind: 'repeat_denied', transport: 'new' });
    }
  }

  private startTimer(awaited: Awaited, attempt: number): void {
    this.cancelTimer();
    const { clock, random, settings } = this.parts;
    const pause = retryDelay(settings.retry, attempt - 1, random);
    this.cancelTimer = clock.after(this.waits[awaited] + pause, () => this.onTimer());
  }

  private onTimer(): void {
    const { clock, settings } = this.parts;
    const permitted = mayRepeat(this.state, settings.retry.retries) && this.shared.budget.spend();
    this.on({ kind: 'timer', writable: this.exchange.writable, permitted, at: clock.now() });
  }
}
