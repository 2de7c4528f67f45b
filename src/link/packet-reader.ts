import type { Clock } from '../kernel/clock';
import type { Packet } from '../protocol/catalogue';
import { decodePacket, type MalformedPacket } from '../protocol/codec';
import { Framer, type DiscardReason } from '../protocol/framer';

export interface PacketReaderSettings {
  /** A packet whose rest has not come by then was no packet. */
  readonly partialPacketMs: number;
  readonly bodyLimitBytes: number;
}

export interface PacketSink {
  packet(packet: Packet, raw: Uint8Array): void;
  malformed(packet: MalformedPacket): void;
  discarded(reason: DiscardReason, count: number): void;
}

/** Turns what one connection receives into packets, and waits for the rest of one no longer than it may. */
export class PacketReader {
  private readonly framer: Framer;
  private partialSince: number | undefined;

  constructor(
    private readonly sink: PacketSink,
    private readonly clock: Clock,
    private readonly settings: PacketReaderSettings,
  ) {
    this.framer = new Framer(
      {
        packet: (raw) => this.onPacket(raw),
        discarded: (reason, count) => this.onDiscarded(reason, count),
      },
      settings.bodyLimitBytes,
    );
  }

  push(chunk: Uint8Array): void {
    this.framer.push(chunk);
    this.partialSince = this.framer.heldBytes === 0 ? undefined : (this.partialSince ?? this.clock.now());
  }

  /** To be called now and then: gives up a packet that has been waited for too long. */
  tick(): void {
    const at = this.clock.now();
    if (this.partialSince === undefined || at - this.partialSince < this.settings.partialPacketMs) return;
    this.framer.abandonPartial();
    this.partialSince = this.framer.heldBytes > 0 ? at : undefined;
  }

  private onPacket(raw: Uint8Array): void {
    // What is held from here on began after this packet.
    this.partialSince = undefined;
    const packet = decodePacket(raw);
    if (packet.kind === 'malformed') this.sink.malformed(packet);
    else this.sink.packet(packet, raw);
  }

  private onDiscarded(reason: DiscardReason, count: number): void {
    // Neither can what is held now have begun before garbage.
    this.partialSince = undefined;
    this.sink.discarded(reason, count);
  }
}
