import type { DeviceId } from '../kernel/device-id';
import type { Observe } from '../kernel/facts';
import type { TransportName } from '../kernel/words';
import type { Packet, PacketInit } from '../protocol/catalogue';
import type { DiscardReason } from '../protocol/framer';

/** Whom the facts of a connection are about; both may change while it lives. */
export interface ReportSubject {
  deviceId(): DeviceId;
  /** The transport that the device is routed to now. */
  route(): TransportName;
}

/** Tells what happens on one connection, each thing as one fact. */
export class SessionReports {
  constructor(
    private readonly observe: Observe,
    private readonly subject: ReportSubject,
  ) {}

  sent(packet: PacketInit, raw: Uint8Array, transport: TransportName): void {
    this.packet('sent', raw, { packet, transport, elapsedMs: undefined });
  }

  /** `elapsedMs`: since the transmission that this packet answers, if it answers one. */
  received(packet: Packet, raw: Uint8Array, elapsedMs: number | undefined): void {
    this.packet('received', raw, { packet, transport: this.subject.route(), elapsedMs });
  }

  malformed(type: number, part: 'packet' | 'frame', reason: string): void {
    this.observe({ kind: 'decode_failed', ...this.about(), type, part, reason });
  }

  duplicate(type: number): void {
    this.observe({ kind: 'duplicate_dropped', ...this.about(), type });
  }

  checksumMismatch(): void {
    this.observe({ kind: 'checksum_mismatch', ...this.about() });
  }

  discarded(reason: DiscardReason, count: number): void {
    this.observe({ kind: 'bytes_discarded', deviceId: this.subject.deviceId(), reason, count });
  }

  slowed(pauseMs: number): void {
    this.observe({ kind: 'device_slowed', deviceId: this.subject.deviceId(), pauseMs });
  }

  private about(): { readonly transport: TransportName; readonly deviceId: DeviceId } {
    return { transport: this.subject.route(), deviceId: this.subject.deviceId() };
  }

  private packet(
    direction: 'sent' | 'received',
    raw: Uint8Array,
    about: { packet: Packet | PacketInit; transport: TransportName; elapsedMs: number | undefined },
  ): void {
    const { packet, transport, elapsedMs } = about;
    const messageId = 'messageId' in packet ? packet.messageId : undefined;
    const deviceId = this.subject.deviceId();
    const type = raw[0] ?? 0;
    this.observe({ kind: 'packet', direction, transport, deviceId, type, messageId, raw, elapsedMs });
  }
}
