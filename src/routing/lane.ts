import { NO_TIMER, type Clock } from '../kernel/clock';
import type { CommandSettledFact, Observe } from '../kernel/facts';
import type { Outcome, TransportName } from '../kernel/words';
import type { DeviceId } from '../kernel/device-id';
import type { Command, Deliverer, Ending, InFlight, Receipt } from '../transport/transport';
import { LaneQueue, type LaneQueueSettings, type Waiting } from './lane-queue';
import type { DecisionReason } from './assign';
import type { Mirror, Shadowing } from './mirror';
import type { Router, Routed } from './router';

export interface LaneSettings extends LaneQueueSettings {
  /** Commands of one device on the wire at once, on the new transport. Above 1 their order is not kept. */
  readonly window: number;
  /** How long a command in flight may wait for its answer after a rollback. */
  readonly handoverMs: number;
}

export interface LaneParts {
  readonly clock: Clock;
  readonly observe: Observe;
  readonly router: Router;
  readonly deliverer: Deliverer;
  /** Shadows a sample of what legacy delivers. Without one nothing is shadowed. */
  readonly mirror?: Pick<Mirror, 'open'>;
  readonly settings: LaneSettings;
  /** Bytes that a command takes on the wire, to bound what waits. */
  readonly bytesOf: (command: Command) => number;
  /** Nothing waits and nothing is in flight. */
  readonly onIdle: (lane: Lane) => void;
}

interface Running {
  readonly waiting: Waiting;
  readonly transport: TransportName;
  readonly routed: Routed;
  readonly leftAt: number;
  readonly shadowing: Shadowing | undefined;
  inFlight: InFlight | undefined;
}

/** Legacy's receipts cannot be told apart, so it never has two commands on the wire. */
const LEGACY_WINDOW = 1;

const NEVER_LEFT: Omit<Ending, 'outcome'> = { attempts: 0, latencyMs: 0 };

/**
 * The bounded queue of one device. It asks the router at the moment a command leaves, so what waits follows a new
 * plan, and it lets go of one transport entirely before the other may write (design promise 2).
 */
export class Lane {
  private readonly queue: LaneQueue;
  /** Not a set, for the reason that `ExchangeTable` gives. */
  private readonly running: Running[] = [];
  private pumpScheduled = false;

  constructor(
    private readonly deviceId: DeviceId,
    private readonly parts: LaneParts,
  ) {
    const { clock, settings } = parts;
    this.queue = new LaneQueue({
      clock,
      settings,
      end: (waiting, outcome) => this.endUnsent(waiting, outcome),
      report: (report) =>
        parts.observe({ deviceId, transport: parts.router.decide(deviceId).transport, ...report }),
    });
  }

  get waiting(): number {
    return this.queue.size;
  }

  get inFlight(): number {
    return this.running.length;
  }

  /** False while its queue is degraded or has another policy than it should, though it may be idle. */
  mayBeForgotten(): boolean {
    this.queue.easeOff();
    return !this.queue.hasPast;
  }

  submit(command: Command): Promise<Receipt> {
    return new Promise((settle) => {
      const { clock, bytesOf } = this.parts;
      const bytes = bytesOf(command);
      this.queue.offer({ command, bytes, enteredAt: clock.now(), settle, cancelTimer: NO_TIMER });
      this.pump();
    });
  }

  /** After a rollback: what is in flight on the new transport is not transmitted again. */
  handOver(): void {
    const endBy = this.parts.clock.now() + this.parts.settings.handoverMs;
    for (const running of this.running) if (running.transport === 'new') running.inFlight?.handOver(endBy);
  }

  /** Ends what has not left the lane. */
  cancelWaiting(): void {
    for (const waiting of this.queue.takeAll()) this.endUnsent(waiting, 'cancelled');
  }

  private pump(): void {
    for (let next = this.queue.peek(); next !== undefined; next = this.queue.peek()) {
      // A late turn of the loop may bring an answer before the timer of a deadline that has passed.
      if (next.command.deadlineAt <= this.parts.clock.now()) {
        this.queue.take();
        this.endUnsent(next, 'expired');
        continue;
      }
      const { transport, reason } = this.parts.router.decide(this.deviceId);
      if (!this.mayStart(transport)) return;
      this.queue.take();
      this.reportRouted(next.command, transport, reason);
      this.start(next, transport);
    }
    // With a pump still to come, idleness would be reported twice, and by then another lane may serve the device.
    if (this.running.length === 0 && !this.pumpScheduled) this.parts.onIdle(this);
  }

  private reportRouted(command: Command, transport: TransportName, reason: DecisionReason): void {
    const { id: commandId, deviceId, action } = command;
    const purpose = purposeOf(action);
    this.parts.observe({ kind: 'routed', commandId, purpose, deviceId, transport, reason });
  }

  private mayStart(transport: TransportName): boolean {
    const window = transport === 'new' ? this.parts.settings.window : LEGACY_WINDOW;
    return this.running.length < window && this.running.every((running) => running.transport === transport);
  }

  private start(waiting: Waiting, transport: TransportName): void {
    const leftAt = this.parts.clock.now();
    const routed = this.parts.router.current;
    const shadowing =
      transport === 'legacy' ? this.parts.mirror?.open(waiting.command, routed.plan) : undefined;
    const running: Running = { waiting, transport, routed, leftAt, shadowing, inFlight: undefined };
    this.running.push(running);
    running.inFlight = this.parts.deliverer.deliver(waiting.command, transport, (ending) =>
      this.finish(running, ending),
    );
    if (!running.inFlight && this.running.includes(running))
      this.finish(running, { outcome: 'not_connected', ...NEVER_LEFT });
  }

  private finish(running: Running, ending: Ending): void {
    this.running.splice(this.running.indexOf(running), 1);
    this.settle(running.waiting, ending, running);
    this.schedulePump();
  }

  /**
   * The next command leaves after all that arrived together was handled: a device may send its reply first and the
   * receipt right behind it, and legacy's receipts all look alike.
   */
  private schedulePump(): void {
    if (this.pumpScheduled) return;
    this.pumpScheduled = true;
    queueMicrotask(() => {
      this.pumpScheduled = false;
      this.pump();
    });
  }

  private endUnsent(waiting: Waiting, outcome: Outcome): void {
    const { transport } = this.parts.router.decide(this.deviceId);
    const routed = this.parts.router.current;
    this.settle(waiting, { outcome, ...NEVER_LEFT }, { transport, routed, leftAt: this.parts.clock.now() });
  }

  private settle(
    waiting: Waiting,
    ending: Ending,
    how: Pick<Running, 'transport' | 'routed' | 'leftAt'> & { shadowing?: Shadowing | undefined },
  ): void {
    const { id: commandId, deviceId, action } = waiting.command;
    const { generation, revision } = how.routed.plan;
    const { transport } = how;
    const waitedMs = how.leftAt - waiting.enteredAt;
    const mirrored = how.shadowing?.end(ending.outcome) ?? false;
    this.parts.observe({
      kind: 'command_settled',
      commandId,
      deviceId,
      transport,
      purpose: purposeOf(action),
      outcome: ending.outcome,
      attempts: ending.attempts,
      latencyMs: ending.latencyMs,
      waitedMs,
      generation,
    });
    waiting.settle({ commandId, deviceId, transport, ...ending, generation, revision, mirrored });
  }
}

function purposeOf({ command }: Command['action']): CommandSettledFact['purpose'] {
  return command === 'mesh_info' ? 'query' : 'command';
}
