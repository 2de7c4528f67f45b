import { BoundedQueue } from '../kernel/bounded-queue';
import {
  freshQueue,
  hasPast,
  queueStep,
  type QueueEffect,
  type QueueEvent,
  type QueuePolicy,
  type QueuePolicySettings,
  type QueueState,
} from '../kernel/bounded-queue-policy';
import type { Cancel, Clock } from '../kernel/clock';
import type { QueueReport } from '../kernel/facts';
import type { Command, Receipt } from '../transport/transport';

export interface LaneQueueSettings extends QueuePolicySettings {
  readonly policy: QueuePolicy;
  /** Commands that may wait for one device, and the bytes of their frames. */
  readonly capacity: number;
  readonly capacityBytes: number;
  /** Under `block`: callers that may wait for room, and for how long. */
  readonly blockedLimit: number;
  readonly putTimeoutMs: number;
}

/** A command that has not left. */
export interface Waiting {
  readonly command: Command;
  readonly bytes: number;
  readonly enteredAt: number;
  readonly settle: (receipt: Receipt) => void;
  /** Of its deadline, or of its wait for room. */
  cancelTimer: Cancel;
}

export interface LaneQueueParts {
  readonly clock: Clock;
  readonly settings: LaneQueueSettings;
  /** A command ends without having left. Must not call back. */
  readonly end: (waiting: Waiting, outcome: 'queue_full' | 'expired') => void;
  readonly report: (report: QueueReport) => void;
}

/**
 * What waits for one device: the commands that are in, and before them the callers that wait for room. Performs what
 * `queueStep` decides. While the policy drops the oldest nobody waits for room.
 */
export class LaneQueue {
  private readonly queue: BoundedQueue<Waiting>;
  private readonly blocked: BoundedQueue<Waiting>;
  private state: QueueState;

  constructor(private readonly parts: LaneQueueParts) {
    const { capacity, capacityBytes, blockedLimit, policy } = parts.settings;
    this.queue = new BoundedQueue({ items: capacity, bytes: capacityBytes }, ({ bytes }) => bytes);
    this.blocked = new BoundedQueue({ items: blockedLimit });
    this.state = freshQueue(policy);
  }

  /** Commands that are in, and callers that wait for room. */
  get size(): number {
    return this.queue.size + this.blocked.size;
  }

  /** Whether it must be kept, though it may be empty. */
  get hasPast(): boolean {
    return hasPast(this.state);
  }

  /** Takes the command, keeps it until there is room, or ends one: this, or the oldest. */
  offer(waiting: Waiting): void {
    this.easeOff();
    // What cannot be delivered any more must not take the place of what can.
    if (waiting.command.deadlineAt <= this.now()) return this.parts.end(waiting, 'expired');
    // No policy could ever make room for it.
    if (waiting.bytes > this.parts.settings.capacityBytes) return this.parts.end(waiting, 'queue_full');
    // Who comes now must not overtake who waits for room.
    if (this.blocked.size === 0 && this.queue.fits(waiting)) return this.enter(waiting);
    const mayHold = this.blocked.fits(waiting);
    this.step({ kind: 'full', at: this.now(), newcomer: waiting, mayHold });
  }

  peek(): Waiting | undefined {
    return this.queue.peek();
  }

  take(): Waiting | undefined {
    const next = this.queue.take();
    next?.cancelTimer();
    this.refill();
    return next;
  }

  /** Everything, in order, callers that wait for room last. */
  takeAll(): Waiting[] {
    const all: Waiting[] = [];
    for (const queue of [this.queue, this.blocked])
      for (let next = queue.take(); next !== undefined; next = queue.take()) all.push(next);
    for (const { cancelTimer } of all) cancelTimer();
    this.easeOff();
    return all;
  }

  /** Lets go of the past, if its time has come. Nothing else does while nothing happens. */
  easeOff(): void {
    if (this.queue.isBelowHalf) this.step({ kind: 'below_half', at: this.now() });
  }

  private enter(waiting: Waiting): void {
    this.queue.offer(waiting);
    waiting.cancelTimer = this.parts.clock.after(waiting.command.deadlineAt - this.now(), () => {
      this.queue.remove(waiting);
      this.parts.end(waiting, 'expired');
      this.refill();
    });
    this.step({ kind: 'entered' });
  }

  private hold(waiting: Waiting): void {
    const { deadlineAt } = waiting.command;
    const patienceEnds = this.now() + this.parts.settings.putTimeoutMs;
    const outcome = deadlineAt <= patienceEnds ? 'expired' : 'queue_full';
    this.blocked.offer(waiting);
    waiting.cancelTimer = this.parts.clock.after(Math.min(deadlineAt, patienceEnds) - this.now(), () => {
      this.blocked.remove(waiting);
      this.parts.end(waiting, outcome);
      this.step({ kind: 'put_timed_out', at: this.now() });
      // It may have been too large for the room there is, and the next one is not.
      this.refill();
    });
  }

  private refill(): void {
    for (let first = this.blocked.peek(); first !== undefined; first = this.blocked.peek()) {
      if (!this.queue.fits(first)) break;
      this.blocked.take();
      first.cancelTimer();
      this.enter(first);
    }
    this.easeOff();
  }

  private dropFor(newcomer: Waiting): void {
    while (!this.queue.fits(newcomer)) {
      const oldest = this.queue.take() as Waiting;
      oldest.cancelTimer();
      this.parts.report({ kind: 'queue_dropped', reason: 'overflow', commandId: oldest.command.id });
      this.parts.end(oldest, 'queue_full');
    }
    this.enter(newcomer);
  }

  private step(event: QueueEvent<Waiting>): void {
    const { state, effects } = queueStep(this.state, event, this.parts.settings);
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: QueueEffect<Waiting>): void {
    const { end, report, settings } = this.parts;
    switch (effect.kind) {
      case 'refuse':
        return end(effect.newcomer, 'queue_full');
      case 'hold':
        return this.hold(effect.newcomer);
      case 'drop_oldest':
        return this.dropFor(effect.newcomer);
      case 'degraded':
        return report({ kind: 'queue_degraded', policy: settings.policy, waiting: this.size });
      case 'switched':
        report({ kind: 'queue_policy_switched', to: effect.to, reason: effect.reason });
        return effect.to === 'drop_oldest' ? this.admitAll() : undefined;
    }
  }

  private admitAll(): void {
    for (let first = this.blocked.take(); first !== undefined; first = this.blocked.take()) {
      first.cancelTimer();
      this.dropFor(first);
    }
  }

  private now(): number {
    return this.parts.clock.now();
  }
}
