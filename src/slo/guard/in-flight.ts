import type { DeviceId } from '../../kernel/device-id';
import type { TransportName } from '../../kernel/words';

/** A command that has left its lane and is not decided yet. */
export interface Sent {
  readonly deviceId: DeviceId;
  readonly path: TransportName;
  readonly leftAt: number;
}

/**
 * Commands on the wire, in the order in which they left. All have the same time to be answered, so whatever is
 * overdue stands at the front, and no command needs a timer of its own.
 */
export class InFlight {
  private readonly commands = new Map<string, Sent>();

  /** `limit` bounds how many are watched; one beyond it is not evidence. */
  constructor(private readonly limit: number) {}

  get size(): number {
    return this.commands.size;
  }

  left(commandId: string, sent: Sent): void {
    if (this.commands.size < this.limit) this.commands.set(commandId, sent);
  }

  /** The command, unless it was decided before or is not watched. */
  settled(commandId: string): Sent | undefined {
    const sent = this.commands.get(commandId);
    if (sent) this.commands.delete(commandId);
    return sent;
  }

  /** Takes out what left at or before `instant`, the oldest first. */
  overdue(instant: number): Sent[] {
    const late: Sent[] = [];
    for (const [commandId, sent] of this.commands) {
      if (sent.leftAt > instant) break;
      this.commands.delete(commandId);
      late.push(sent);
    }
    return late;
  }

  /** Takes out the commands of devices that another path serves now: they tell of neither path. */
  dropMoved(pathOf: (deviceId: DeviceId) => TransportName): void {
    for (const [commandId, { deviceId, path }] of this.commands)
      if (pathOf(deviceId) !== path) this.commands.delete(commandId);
  }

  clear(): void {
    this.commands.clear();
  }
}
