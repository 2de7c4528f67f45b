import type { Duplex } from '../../src/link/duplex';
import type { Packet, PacketInit, PacketName, PacketOf } from '../../src/protocol/catalogue';
import { decodePacket, encodePacket } from '../../src/protocol/codec';
import { Framer } from '../../src/protocol/framer';
import { fromHex, toHex } from '../../src/protocol/hex';

/** The controller's end of a device's connection, by hand: it answers nothing unless told to. */
export class ControllerEnd {
  readonly received: Packet[] = [];
  /** The same packets in hex. */
  readonly hex: string[] = [];
  closed = false;

  constructor(private readonly duplex: Duplex) {
    const framer = new Framer({ packet: (bytes) => this.onPacket(bytes), discarded: () => {} });
    duplex.attach({
      data: (chunk) => framer.push(chunk),
      drained: () => {},
      closed: () => (this.closed = true),
    });
  }

  send(...packets: readonly PacketInit[]): void {
    for (const packet of packets) this.duplex.write(encodePacket(packet));
  }

  sendHex(hex: string): void {
    const bytes = fromHex(hex);
    if (!bytes) throw new Error(`not hex: ${hex}`);
    this.duplex.write(bytes);
  }

  /** The packets of one kind, in order. */
  all<Name extends PacketName>(kind: Name): PacketOf<Name>[] {
    return this.received.filter((packet): packet is PacketOf<Name> => packet.kind === kind);
  }

  kinds(): PacketName[] {
    return this.received.map(({ kind }) => kind);
  }

  /** Takes nothing more of what the device sends. */
  pause(): void {
    this.duplex.pause();
  }

  close(): void {
    this.duplex.close('shutdown');
  }

  /** Forgets what came so far. */
  clear(): void {
    this.received.length = 0;
    this.hex.length = 0;
  }

  private onPacket(bytes: Uint8Array): void {
    const packet = decodePacket(bytes);
    if (packet.kind === 'malformed') throw new Error(`a device sent a malformed packet: ${toHex(bytes)}`);
    this.received.push(packet);
    this.hex.push(toHex(bytes));
  }
}
