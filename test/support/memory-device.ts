import type { LinkEndReason } from '../../src/kernel/facts';
import { Secret } from '../../src/kernel/secret';
import type { Duplex } from '../../src/link/duplex';
import type { Packet, PacketInit, PacketName, PacketOf } from '../../src/protocol/catalogue';
import { decodePacket, encodePacket } from '../../src/protocol/codec';
import { Framer } from '../../src/protocol/framer';
import { fromHex, toHex } from '../../src/protocol/hex';
import { REPLY, type InnerFrame } from '../../src/protocol/inner-frame';

export const DEVICE = 0x37962469;
export const DEVICE_ID = '37962469';

export function handshakeOf(deviceId = DEVICE, auth = '1e07000000000001') {
  const secret = new Secret(Buffer.from(auth, 'latin1'));
  return { kind: 'handshake', version: 3, deviceId, auth: secret, flags: 0, keepaliveSeconds: 60 } as const;
}

/** The answer to an announce, of the size that devices send. */
export function announceAnswer(messageId: number) {
  const fill = new Uint8Array(1000);
  const software = 'xlink_dev';
  return { kind: 'announce_answer', deviceId: DEVICE, messageId, flag: 0, tag: 7, software, fill } as const;
}

/** A 0x43 that says which mesh node the device is. */
export function ownNodeReport(node: number, deviceId = DEVICE) {
  const value = Uint8Array.of(node, 1, 80, 30, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  const datapoints = { items: [{ index: 5, type: 0, value }], trailer: new Uint8Array(0) };
  return { kind: 'datapoints', deviceId, reference: 0x0101, flag: 6, datapoints } as const;
}

export function receiptOf(request: { readonly messageId: number }) {
  return { kind: 'receipt', deviceId: DEVICE, messageId: request.messageId, flag: 0 } as const;
}

/** The F9 that answers a command; `messageId` is the device's own counter. */
export function replyOf(request: PacketOf<'data'>, status = 0, messageId = 1) {
  const { sequence, opcode } = frameOf(request);
  const inner = { sequence, opcode, direction: REPLY, data: Uint8Array.of(status) };
  return { kind: 'data', deviceId: DEVICE, messageId, flag: 0, inner } as const;
}

export function frameOf(packet: PacketOf<'data' | 'status'>): InnerFrame {
  if (packet.inner.kind === 'malformed') throw new Error(`no frame: ${toHex(packet.inner.raw)}`);
  return packet.inner;
}

/** A device's end of a connection, by hand: it answers nothing unless told to. */
export class MemoryDevice {
  readonly received: Packet[] = [];
  /** The same packets in hex. */
  readonly hex: string[] = [];
  /** Why the connection ended, as this end sees it. */
  ending: LinkEndReason | undefined;

  constructor(private readonly duplex: Duplex) {
    const framer = new Framer({ packet: (bytes) => this.onPacket(bytes), discarded: () => {} });
    duplex.attach({
      data: (chunk) => framer.push(chunk),
      drained: () => {},
      closed: (reason) => (this.ending = reason),
    });
  }

  send(...packets: readonly PacketInit[]): void {
    for (const packet of packets) this.duplex.write(encodePacket(packet));
  }

  sendBytes(bytes: Uint8Array | string): void {
    const raw = typeof bytes === 'string' ? fromHex(bytes) : bytes;
    if (!raw) throw new Error(`not hex: ${String(bytes)}`);
    this.duplex.write(raw);
  }

  /** Takes nothing from the controller until `resume`. */
  pause(): void {
    this.duplex.pause();
  }

  resume(): void {
    this.duplex.resume();
  }

  close(): void {
    this.duplex.close('shutdown');
  }

  kinds(): PacketName[] {
    return this.received.map(({ kind }) => kind);
  }

  /** The packets of one kind, in order. */
  all<Name extends PacketName>(kind: Name): PacketOf<Name>[] {
    return this.received.filter((packet): packet is PacketOf<Name> => packet.kind === kind);
  }

  clear(): void {
    this.received.length = 0;
    this.hex.length = 0;
  }

  private onPacket(bytes: Uint8Array): void {
    const packet = decodePacket(bytes);
    if (packet.kind === 'malformed') throw new Error(`malformed packet from the controller: ${toHex(bytes)}`);
    this.received.push(packet);
    this.hex.push(toHex(bytes));
  }
}
