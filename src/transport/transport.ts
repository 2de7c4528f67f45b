import type { Exchange, ExchangeListener, Link } from '../link/link';
import type { Outcome, TransportName } from '../kernel/words';
import type { Action, Query } from '../protocol/actions';
import type { MeshRecord } from '../protocol/mesh-info';
import type { DeviceId } from '../kernel/device-id';

/** What an application asks of one device. Instants are the clock's milliseconds. */
export interface Command {
  /** A UUIDv7: sortable by time, never on the wire. */
  readonly id: string;
  readonly deviceId: DeviceId;
  readonly action: Action | Query;
  /** Mesh node or group behind the device; undefined means the device's own node. */
  readonly node: number | undefined;
  readonly deadlineAt: number;
}

/** Proof of how a command ended. */
export interface Receipt {
  readonly commandId: string;
  readonly deviceId: DeviceId;
  readonly transport: TransportName;
  readonly outcome: Outcome;
  /** Transmissions, repeats included. */
  readonly attempts: number;
  /** From leaving the lane to the end, in milliseconds. */
  readonly latencyMs: number;
  readonly generation: number;
  readonly revision: number;
  readonly mirrored: boolean;
  /** What a query brought. */
  readonly mesh?: readonly MeshRecord[];
}

/** A command on its way: what a transport is given. */
export interface Assignment {
  readonly command: Command;
  readonly node: number;
  readonly link: Link;
  /** Opens the conversation; the observer listens to it beside the transport. */
  openExchange(listener: ExchangeListener): Exchange;
}

/** One way of delivering a command over a link. What it believes of its success is its own affair. */
export interface Transport {
  readonly name: TransportName;
  /** Starts delivering. Must not throw. */
  begin(assignment: Assignment): Attempt;
}

/** A delivery that goes on. */
export interface Attempt {
  /** No transmission happens after this. May be called twice. */
  stop(): void;
}

/** How a delivery ended, as the observer saw it. */
export interface Ending {
  readonly outcome: Outcome;
  readonly attempts: number;
  readonly latencyMs: number;
  readonly mesh?: readonly MeshRecord[];
}

/** A command that has left its lane. */
export interface InFlight {
  /** After a rollback: nothing is transmitted any more, and the answer is awaited until `endBy` at most. */
  handOver(endBy: number): void;
}

/** Delivers commands to devices; all that a lane knows of transports and links. */
export interface Deliverer {
  /** Calls `onEnd` exactly once, possibly before returning. Undefined, and no call: the device has no link that takes commands. */
  deliver(command: Command, transport: TransportName, onEnd: (ending: Ending) => void): InFlight | undefined;
}
