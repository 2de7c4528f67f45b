import { NO_TIMER, type Clock } from '../../kernel/clock';
import type { Observe } from '../../kernel/facts';
import { commandFrame } from '../command-frame';
import type { Assignment, Attempt, Transport } from '../transport';

export interface LegacyParts {
  readonly clock: Clock;
  readonly observe: Observe;
  /** How long the device may take to accept the bytes before the write counts as failed; the old controller waited 2 s. */
  readonly drainTimeoutMs: number;
}

/** The old controller's only message id, which no receipt can be told apart by (protocol 7). */
const LEGACY_MESSAGE_ID = 0;

/** The old way, kept honest and no more: written once, never acknowledged, never repeated (protocol 7, last line). */
export class LegacyTransport implements Transport {
  readonly name = 'legacy';

  constructor(private readonly parts: LegacyParts) {}

  begin(assignment: Assignment): Attempt {
    let cancelDrain = NO_TIMER;
    const exchange = assignment.openExchange({ drained: () => cancelDrain() });
    exchange.transmit({ messageId: LEGACY_MESSAGE_ID, frame: commandFrame(assignment) });
    if (!exchange.writable)
      cancelDrain = this.parts.clock.after(this.parts.drainTimeoutMs, () => this.onDrainTimeout(assignment));
    return { stop: () => cancelDrain() };
  }

  private onDrainTimeout(assignment: Assignment): void {
    this.parts.observe({
      kind: 'drain_timeout',
      transport: this.name,
      deviceId: assignment.command.deviceId,
    });
  }
}
