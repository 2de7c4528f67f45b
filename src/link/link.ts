import type { LinkEndReason } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import type { DeviceId } from '../kernel/device-id';
import type { InnerFrameInit } from '../protocol/inner-frame';
import type { MeshPage } from '../protocol/mesh-info';

/**
 * One live connection of one device, ready for commands. Only one transport at a time can hold open exchanges on
 * it, so that two can never write to the device in turns.
 */
export interface Link {
  readonly deviceId: DeviceId;
  /** Grows with every connection of the process; tells two links of one device apart. */
  readonly connection: number;
  /** The device's own mesh node, as far as it has said. */
  readonly ownNode: number | undefined;
  /** One counter for both transports; never a value that some firmware would escape. */
  nextSequence(): number;
  /** 1…65535; 0 is legacy's. */
  nextMessageId(): number;
  /** Throws when the other transport has an exchange open: that is a fault of the caller. */
  openExchange(transport: TransportName, listeners: readonly ExchangeListener[]): Exchange;
}

/** One command frame to transmit. The same request may be transmitted again. */
export interface ExchangeRequest {
  readonly messageId: number;
  readonly frame: InnerFrameInit;
}

/** The conversation about one command: its transmissions, and the answers that belong to them. */
export interface Exchange {
  /** False while the device takes bytes too slowly; a transmission then waits for `drained`. */
  readonly writable: boolean;
  transmit(request: ExchangeRequest): void;
  /** Ends the right to transmit, so that another exchange may begin. Late receipts are still matched. */
  release(): void;
  /** After this no answer at all is matched to the exchange. */
  close(): void;
}

/** What both the transport and the impartial observer are told. Instants are the clock's milliseconds. */
export interface ExchangeListener {
  transmitted?(atMs: number): void;
  /** 0x7B: the device has the packet (protocol 1.4). */
  receipt?(atMs: number): void;
  /** F9: the application reply; status 0 is success. */
  reply?(status: number, atMs: number): void;
  /** A page of mesh nodes, the reply to a query (protocol 2.10). */
  page?(page: MeshPage, atMs: number): void;
  drained?(): void;
  ended?(reason: LinkEndReason, atMs: number): void;
}
