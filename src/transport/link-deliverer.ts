import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import type { DeviceId } from '../kernel/device-id';
import type { Exchange, ExchangeListener, Link } from '../link/link';
import { ALL_NODES } from '../protocol/mesh-pdu';
import { Observation } from './observation';
import type { Assignment, Attempt, Command, Deliverer, Ending, InFlight, Transport } from './transport';

export interface LinkDelivererParts {
  readonly clock: Clock;
  readonly observe: Observe;
  /** The transports there are. Removing legacy one day removes it from this list. */
  readonly transports: readonly Transport[];
  /** The link of a device that takes commands now. */
  readonly linkOf: (deviceId: DeviceId) => Link | undefined;
}

/** Brings together a command, the link of its device, the transport that was chosen and the observer of both. */
export class LinkDeliverer implements Deliverer {
  private readonly transports: ReadonlyMap<TransportName, Transport>;

  constructor(private readonly parts: LinkDelivererParts) {
    this.transports = new Map(parts.transports.map((transport) => [transport.name, transport]));
  }

  deliver(command: Command, name: TransportName, onEnd: (ending: Ending) => void): InFlight | undefined {
    const link = this.parts.linkOf(command.deviceId);
    const node = command.node ?? link?.ownNode ?? nodeOfQuery(command);
    const transport = this.transports.get(name);
    if (!link || node === undefined || !transport) return undefined;
    return new Conversation({ command, node, link, transport, onEnd }, this.parts);
  }
}

/** A query concerns the whole mesh. */
function nodeOfQuery({ action }: Command): number | undefined {
  return action.command === 'mesh_info' ? ALL_NODES : undefined;
}

interface About extends Omit<Assignment, 'openExchange'> {
  readonly transport: Transport;
  readonly onEnd: (ending: Ending) => void;
}

/** One delivery: its observer, and the parts that must be let go of, each at its time. */
class Conversation implements InFlight {
  private readonly observation: Observation;
  private attempt: Attempt | undefined;
  private exchange: Exchange | undefined;
  private ended = false;

  constructor(
    private readonly about: About,
    { clock, observe }: Pick<LinkDelivererParts, 'clock' | 'observe'>,
  ) {
    const { command, node, link, transport } = about;
    this.observation = new Observation({
      clock,
      observe,
      transport: transport.name,
      deadlineAt: command.deadlineAt,
      onEnd: (ending) => this.end(ending),
      onDone: () => this.exchange?.close(),
    });
    const openExchange = (listener: ExchangeListener): Exchange => this.opened(listener);
    this.attempt = transport.begin({ command, node, link, openExchange });
    // The first transmission may have ended the link, and so the command, before there was an attempt to stop.
    if (this.ended) this.attempt.stop();
  }

  handOver(endBy: number): void {
    this.attempt?.stop();
    this.observation.shorten(endBy);
  }

  private opened(listener: ExchangeListener): Exchange {
    const { link, transport } = this.about;
    // The observer first: a transport that reacts to an answer must not change what is seen of it.
    this.exchange = link.openExchange(transport.name, [this.observation, listener]);
    return this.exchange;
  }

  /** The command has ended: the link is free for the next one, and only late receipts are still of interest. */
  private end(ending: Ending): void {
    this.ended = true;
    this.attempt?.stop();
    this.exchange?.release();
    this.about.onEnd(ending);
  }
}
