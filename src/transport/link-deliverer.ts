import type { Clock } from '../kernel/clock';
import type { Observe } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import type { DeviceId } from '../kernel/device-id';
import type { Exchange, ExchangeListener, Link } from '../link/link';
import { ALL_NODES } from '../protocol/mesh-pdu';
import { Observation } from './observation';
import type { Attempt, Command, Deliverer, Ending, InFlight, Transport } from './transport';

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
    return this.start({ command, node, link }, transport, onEnd);
  }

  private start(
    about: { command: Command; node: number; link: Link },
    transport: Transport,
    onEnd: (ending: Ending) => void,
  ): InFlight {
    const conversation = new Conversation(onEnd);
    const observation = new Observation({
      clock: this.parts.clock,
      observe: this.parts.observe,
      transport: transport.name,
      deadlineAt: about.command.deadlineAt,
      onEnd: (ending) => conversation.end(ending),
      onDone: () => conversation.close(),
    });
    const openExchange = (listener: ExchangeListener): Exchange => {
      // The observer first: a transport that reacts to an answer must not change what is seen of it.
      return conversation.opened(about.link.openExchange(transport.name, [observation, listener]));
    };
    conversation.begun(transport.begin({ ...about, openExchange }));
    return {
      handOver(endBy) {
        conversation.stop();
        observation.shorten(endBy);
      },
    };
  }
}

/** A query concerns the whole mesh. */
function nodeOfQuery({ action }: Command): number | undefined {
  return action.command === 'mesh_info' ? ALL_NODES : undefined;
}

/** The parts of one delivery that must be let go of, each at its time. */
class Conversation {
  private attempt: Attempt | undefined;
  private exchange: Exchange | undefined;
  private ended = false;

  constructor(private readonly onEnd: (ending: Ending) => void) {}

  opened(exchange: Exchange): Exchange {
    this.exchange = exchange;
    return exchange;
  }

  begun(attempt: Attempt): void {
    this.attempt = attempt;
    // The first transmission may have ended the link, and so the command, before there was an attempt to stop.
    if (this.ended) attempt.stop();
  }

  stop(): void {
    this.attempt?.stop();
  }

  /** The command has ended: the link is free for the next one, and only late receipts are still of interest. */
  end(ending: Ending): void {
    this.ended = true;
    this.stop();
    this.exchange?.release();
    this.onEnd(ending);
  }

  close(): void {
    this.exchange?.close();
  }
}
