import type { Clock } from '../kernel/clock';
import type { Chaos } from './chaos';
import type { Direction } from './chaos-settings';
import type { Delivery } from './packet-fate';
import type { PassingPacket } from './passing-packet';
import type { TimerGroup } from './timer-group';

export interface ChaosPathParts {
  readonly direction: Direction;
  readonly chaos: Chaos;
  readonly clock: Clock;
  /** Ends with the connection, and what is on its way with it. */
  readonly timers: TimerGroup;
  readonly deliver: (bytes: Uint8Array) => void;
  /** The connection ends here. */
  readonly cut: () => void;
}

/** Packets on their way at once; one more is lost, as in a network whose buffers are full. */
const MAX_UNDERWAY = 10_000;

/** One direction of one connection: whole packets go in, and come out as chaos will have it. */
export class ChaosPath {
  /** Packets that keep their order. A queue, because two timers for one instant might not. */
  private readonly line: Uint8Array[] = [];
  private lineEndsAt = 0;
  private held = 0;

  constructor(private readonly parts: ChaosPathParts) {}

  /** `describe` is called only while something goes wrong. */
  pass(bytes: Uint8Array, describe: () => PassingPacket): void {
    const fate = this.parts.chaos.fateOf(this.parts.direction, describe);
    if (fate.kind === 'cut') this.parts.cut();
    if (fate.kind !== 'delivered') return;
    const arriving = fate.corruptBytes > 0 ? this.parts.chaos.corrupted(bytes, fate.corruptBytes) : bytes;
    for (let copy = 0; copy < fate.copies; copy += 1) this.send(arriving, fate);
  }

  private send(bytes: Uint8Array, { latencyMs, heldMs }: Delivery): void {
    if (this.line.length + this.held >= MAX_UNDERWAY) return;
    if (heldMs > 0) return this.hold(bytes, latencyMs + heldMs);
    const now = this.parts.clock.now();
    this.lineEndsAt = Math.max(this.lineEndsAt, now + latencyMs);
    if (this.line.length === 0 && this.lineEndsAt <= now) return this.parts.deliver(bytes);
    this.line.push(bytes);
    this.parts.timers.after(this.lineEndsAt - now, () => {
      const first = this.line.shift();
      if (first) this.parts.deliver(first);
    });
  }

  private hold(bytes: Uint8Array, delayMs: number): void {
    this.held += 1;
    this.parts.timers.after(delayMs, () => {
      this.held -= 1;
      this.parts.deliver(bytes);
    });
  }
}
