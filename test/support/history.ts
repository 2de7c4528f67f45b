import type { CommandSettledFact, Fact } from '../../src/kernel/facts';
import type { TransportName } from '../../src/kernel/words';

const COMMAND_TYPE = 0x73;

/** One command of one device, from leaving the lane to its end. */
interface Span {
  readonly transport: TransportName;
  writes: number;
}

/**
 * Checks, fact by fact, that no device is ever written to by two transports at once: between leaving the lane and
 * its end a command has the device for itself, and every frame in between is of its own transport.
 */
export class WriterHistory {
  readonly breaches: string[] = [];
  /** Ids of the commands that had their turn, in the order in which they ended, by device. */
  readonly settled = new Map<string, string[]>();
  readonly commandsBy: Record<TransportName, number> = { new: 0, legacy: 0 };
  private readonly running = new Map<string, Span>();

  readonly observe = (fact: Fact): void => {
    switch (fact.kind) {
      case 'routed':
        return this.begins(fact.deviceId, fact.transport);
      case 'packet':
        return fact.direction === 'sent' && fact.type === COMMAND_TYPE
          ? this.writes(fact.deviceId, fact.transport)
          : undefined;
      case 'command_settled':
        return this.ends(fact);
      default:
        return;
    }
  };

  private begins(deviceId: string, transport: TransportName): void {
    const before = this.running.get(deviceId);
    if (before)
      this.breaches.push(`${deviceId}: ${transport} began while ${before.transport} had the device`);
    this.running.set(deviceId, { transport, writes: 0 });
    this.commandsBy[transport] += 1;
  }

  private writes(deviceId: string, transport: TransportName): void {
    const span = this.running.get(deviceId);
    if (span?.transport !== transport)
      this.breaches.push(
        `${deviceId}: ${transport} wrote while ${span?.transport ?? 'nobody'} had the device`,
      );
    else span.writes += 1;
  }

  private ends({ deviceId, commandId, attempts, outcome }: CommandSettledFact): void {
    // It expired in the queue, perhaps while one before it is still under way: it had no turn.
    if (attempts === 0 && outcome === 'expired') return;
    this.running.delete(deviceId);
    const order = this.settled.get(deviceId) ?? [];
    order.push(commandId);
    this.settled.set(deviceId, order);
  }
}
