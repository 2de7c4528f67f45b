import type { Outcome, TransportName } from '../../src/kernel/words';
import type { Command, Deliverer, Ending, InFlight } from '../../src/transport/transport';

/** A delivery that ends when the test says so. */
export class FakeDelivery implements InFlight {
  ended = false;
  /** Instants given with each handover. */
  readonly handedOver: number[] = [];

  constructor(
    readonly command: Command,
    readonly transport: TransportName,
    private readonly onEnd: (ending: Ending) => void,
  ) {}

  handOver(endBy: number): void {
    this.handedOver.push(endBy);
  }

  end(outcome: Outcome = 'applied', latencyMs = 40): void {
    if (this.ended) throw new Error(`command ${this.command.id} has ended already`);
    this.ended = true;
    this.onEnd({ outcome, attempts: 1, latencyMs });
  }
}

/** Takes commands as a link would, and keeps what it was given. */
export class FakeDeliverer implements Deliverer {
  /** In the order in which they left their lanes. */
  readonly deliveries: FakeDelivery[] = [];
  /** False: no device has a link that takes commands. */
  connected = true;
  /** How a delivery ends before `deliver` returns; undefined: later. */
  outcomeAtOnce: Outcome | undefined;
  /** Looks on, before the delivery counts as being on the wire. */
  onDeliver: (command: Command, transport: TransportName) => void = () => {};

  deliver(command: Command, transport: TransportName, onEnd: (ending: Ending) => void): InFlight | undefined {
    if (!this.connected) return undefined;
    this.onDeliver(command, transport);
    const delivery = new FakeDelivery(command, transport, onEnd);
    this.deliveries.push(delivery);
    if (this.outcomeAtOnce !== undefined) delivery.end(this.outcomeAtOnce);
    return delivery;
  }

  /** The deliveries of a device, or of all, that have not ended. */
  onWire(deviceId?: string): FakeDelivery[] {
    return this.deliveries.filter(
      ({ ended, command }) => !ended && (deviceId === undefined || command.deviceId === deviceId),
    );
  }

  /** The ids of the commands in the order in which they left. */
  get left(): string[] {
    return this.deliveries.map(({ command }) => command.id);
  }
}
