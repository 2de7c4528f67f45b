import type { Socket } from 'node:net';
import { parseDeviceId } from '../../src/kernel/device-id';
import type { PacketInit } from '../../src/protocol/catalogue';
import { decodePacket, encodePacket } from '../../src/protocol/codec';
import { Framer } from '../../src/protocol/framer';
import { NOTIFICATION } from '../../src/protocol/inner-frame';
import { handshakeOf, ownNodeReport } from './memory-device';
import { dial } from './socket-bench';

const OWN_NODE = 5;
const STATUS_OPCODE = 0xdb;
/** Packets in one write of a flood. */
const BURST = 1_000;

/** A device on a socket that greets as it should and misbehaves from then on. It answers no command. */
export class RawDevice {
  /** Packets that came from the controller. */
  received = 0;
  private readonly socket: Socket;
  private readonly deviceId: number;
  private flooding = false;

  constructor(port: number, id: string) {
    this.deviceId = parseDeviceId(id);
    this.socket = dial(port);
    const framer = new Framer({ packet: (bytes) => this.onPacket(bytes), discarded: () => {} });
    this.socket.on('data', (chunk) => framer.push(chunk));
    this.send(handshakeOf(this.deviceId));
  }

  /** Takes nothing more from the controller. */
  goDeaf(): void {
    this.socket.pause();
  }

  /** Reports its status over and over, as fast as the controller takes it. */
  floodReports(): void {
    let messageId = 0;
    this.flood(() => {
      messageId = (messageId % 0xffff) + 1;
      const inner = {
        sequence: messageId,
        direction: NOTIFICATION,
        opcode: STATUS_OPCODE,
        data: new Uint8Array(20),
      };
      return { kind: 'status', deviceId: this.deviceId, messageId, flag: 0, inner };
    });
  }

  /** Asks for the time over and over: six bytes that are answered with sixteen. */
  floodQuestions(): void {
    this.flood(() => ({ kind: 'clock_request', tag: 0x0c }));
  }

  close(): void {
    this.flooding = false;
    this.socket.destroy();
  }

  private flood(next: () => PacketInit): void {
    this.flooding = true;
    const writeOn = (error?: Error | null): void => {
      if (!this.flooding || error) return;
      const burst = Buffer.concat(Array.from({ length: BURST }, () => encodePacket(next())));
      // The callback comes when the system has taken all of it, so that no more than one burst ever waits here.
      this.socket.write(burst, writeOn);
    };
    writeOn();
  }

  private onPacket(bytes: Uint8Array): void {
    this.received += 1;
    const packet = decodePacket(bytes);
    if (packet.kind !== 'announce') return;
    const { deviceId } = this;
    const tail = { flag: 0, tag: 7, software: 'xlink_dev', fill: new Uint8Array(4) };
    this.send({ kind: 'announce_answer', deviceId, messageId: packet.messageId, ...tail });
    this.send(ownNodeReport(OWN_NODE, deviceId));
  }

  private send(packet: PacketInit): void {
    this.socket.write(encodePacket(packet));
  }
}
