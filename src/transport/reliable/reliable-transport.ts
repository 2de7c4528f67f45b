import type { Cancel, Clock } from '../../kernel/clock';
import type { Observe } from '../../kernel/facts';
import type { Random } from '../../kernel/random';
import { retryDelay, type RetrySettings } from '../../kernel/retry-schedule';
import type { Exchange, ExchangeRequest, Link } from '../../link/link';
import { commandFrame } from '../command-frame';
import type { Assignment, Attempt, Transport } from '../transport';
import {
  deliveryStep,
  type Awaited,
  type DeliveryEffect,
  type DeliveryEvent,
  type DeliveryState,
} from './delivery';
import { RoundTrip, type RoundTripSettings } from './round-trip';

export interface ReliableSettings {
  readonly retry: RetrySettings;
  readonly receiptTimer: RoundTripSettings;
  readonly replyTimer: RoundTripSettings;
}

export interface ReliableParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
  readonly settings: ReliableSettings;
}

type Timers = Readonly<Record<Awaited, RoundTrip>>;

/** The new way: numbered, acknowledged, and repeated with the same numbers until the device has replied. */
export class ReliableTransport implements Transport {
  readonly name = 'new';
  /** What was learned of each device's pace lives as long as its connection. */
  private readonly paces = new WeakMap<Link, Timers>();

  constructor(private readonly parts: ReliableParts) {}

  begin(assignment: Assignment): Attempt {
    return new Delivery(assignment, this.paceOf(assignment.link), this.parts);
  }

  private paceOf(link: Link): Timers {
    const known = this.paces.get(link);
    if (known) return known;
    const { receiptTimer, replyTimer } = this.parts.settings;
    const fresh: Timers = { receipt: new RoundTrip(receiptTimer), reply: new RoundTrip(replyTimer) };
    this.paces.set(link, fresh);
    return fresh;
  }
}

/** Performs what `deliveryStep` decides for one command. */
class Delivery implements Attempt {
  private state: DeliveryState = { kind: 'created' };
  private cancelTimer: Cancel = () => {};
  private readonly request: ExchangeRequest;
  private readonly exchange: Exchange;

  constructor(
    assignment: Assignment,
    private readonly pace: Timers,
    private readonly parts: ReliableParts,
  ) {
    this.request = { messageId: assignment.link.nextMessageId(), frame: commandFrame(assignment) };
    this.exchange = assignment.openExchange({
      receipt: (at) => this.on({ kind: 'receipt', at }),
      reply: (_status, at) => this.on({ kind: 'reply', at }),
      drained: () => this.on({ kind: 'drained', at: parts.clock.now() }),
      ended: () => this.stop(),
    });
    this.on({ kind: 'start', writable: this.exchange.writable, at: parts.clock.now() });
  }

  stop(): void {
    this.on({ kind: 'stop' });
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
        return this.pace[effect.awaited].sample(effect.roundTripMs);
      case 'timed_out':
        return this.parts.observe({ kind: 'answer_timeout', transport: 'new', awaited: effect.awaited });
    }
  }

  private startTimer(awaited: Awaited, attempt: number): void {
    this.cancelTimer();
    const pause = retryDelay(this.parts.settings.retry, attempt - 1, this.parts.random);
    const { clock } = this.parts;
    this.cancelTimer = clock.after(this.pace[awaited].timeoutMs + pause, () => {
      this.on({ kind: 'timer', writable: this.exchange.writable, at: clock.now() });
    });
  }
}
