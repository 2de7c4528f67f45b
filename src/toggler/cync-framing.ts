import { parseDeviceId, formatDeviceId } from '../kernel/device-id';
import { randomInteger, type Random } from '../kernel/random';
import { localZone, utcOffsetMinutes } from '../kernel/time-zone';
import { DeviceRecord } from '../link/device-record';
import {
  sessionStep,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
} from '../link/session-machine';
import { actionFrame, isPlainSequence } from '../protocol/actions';
import type { PacketInit, PacketOf } from '../protocol/catalogue';
import { clockAnswer } from '../protocol/clock-sync';
import { decodePacket, encodePacket } from '../protocol/codec';
import { Framer } from '../protocol/framer';
import { REPLY } from '../protocol/inner-frame';
import { redactedHex } from '../protocol/redact';
import { Settlement, type DialogueParts, type Framing } from './dialogue';
import type { AttemptOutcome } from './toggle-fact';

const MAX_U16 = 0xffff;
const MAX_SEQUENCE = 0xffffff;
const HEX = 16;

/** The captured protocol, spoken by a controller that dials the device (protocol 4.2). */
export const cyncFraming: Framing = {
  newMessageId,
  converse: (parts) => new CyncDialogue(parts).run(),
};

/** Never 0: that is what the legacy controller sends. */
function newMessageId(random: Random): string {
  return randomInteger(random, 1, MAX_U16).toString(HEX).padStart(4, '0');
}

/** From the device's login to its reply to one power command. */
class CyncDialogue {
  private state: SessionState;
  private readonly settlement: Settlement;
  private readonly record: DeviceRecord;
  private readonly sequence: number;
  private isReady = false;
  private sentAt: number | undefined;

  constructor(private readonly parts: DialogueParts) {
    this.state = { kind: 'awaiting_handshake', openedAt: parts.clock.now() };
    this.settlement = new Settlement(parts);
    this.record = new DeviceRecord(parts.wish.deviceId);
    this.sequence = plainSequence(parts.random);
  }

  run(): Promise<AttemptOutcome> {
    const framer = new Framer({
      packet: (bytes) => this.onPacket(bytes),
      discarded: (reason) => this.undecodable(reason),
    });
    this.parts.duplex.attach({
      data: (chunk) => framer.push(chunk),
      drained: () => {},
      closed: () => this.settlement.nothing('the connection was closed before the device replied'),
    });
    this.settlement.await('the login of the device');
    return this.settlement.outcome;
  }

  private onPacket(bytes: Uint8Array): void {
    if (this.settlement.isOver) return;
    const packet = decodePacket(bytes);
    if (packet.kind === 'malformed') {
      this.undecodable(packet.reason);
      return;
    }
    this.tell('recv', bytes, packet.kind === 'data' && this.isReply(packet));
    if (packet.kind === 'receipt' && this.isOurs(packet)) this.settlement.await('the reply');
    this.step({ kind: 'packet', packet, at: this.parts.clock.now() });
  }

  private step(event: SessionEvent): void {
    const { state, effects } = sessionStep(this.state, event, NO_TICKS);
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.send(effect.packet);
      case 'identify':
        return this.identify(effect.deviceId);
      case 'announce':
        return this.announce(effect.deviceId);
      case 'send_clock':
        return this.sendClock();
      case 'ready':
        this.isReady = true;
        this.settlement.await('the mesh node of the device');
        return this.commandIfReady();
      case 'acknowledge_page':
        // Nobody here asks for pages.
        return;
      case 'deliver':
        return this.deliver(effect.packet);
      case 'end':
        return this.settlement.nothing(`the session ended: ${effect.reason}`);
    }
  }

  private identify(deviceId: number): void {
    if (formatDeviceId(deviceId) === this.parts.wish.deviceId) {
      this.step({ kind: 'admitted', deviceId, at: this.parts.clock.now() });
      return;
    }
    this.settlement.settle({
      kind: 'rejected',
      why: `it is device ${formatDeviceId(deviceId)} that answers`,
    });
  }

  private announce(deviceId: number): void {
    const messageId = Number.parseInt(newMessageId(this.parts.random), HEX);
    this.send({ kind: 'announce', deviceId, messageId, flag: 0 });
    this.settlement.await('the answer to the announcement');
  }

  private sendClock(): void {
    const wallMs = this.parts.clock.wallNow();
    this.send(clockAnswer(wallMs, utcOffsetMinutes(localZone(), wallMs)));
  }

  private deliver(packet: Extract<SessionEffect, { kind: 'deliver' }>['packet']): void {
    if (packet.kind === 'datapoints') {
      this.record.learnDatapoints(packet.datapoints);
      this.commandIfReady();
    }
    if (packet.kind === 'data' && this.isReply(packet)) this.onReply(packet);
  }

  /** The node is known when the device has told of its own, or was given. */
  private commandIfReady(): void {
    const { wish, messageId, clock } = this.parts;
    const node = wish.node ?? this.record.ownNode;
    if (!this.isReady || node === undefined || this.sentAt !== undefined) return;
    this.sentAt = clock.now();
    this.send({
      kind: 'data',
      deviceId: parseDeviceId(wish.deviceId),
      messageId: Number.parseInt(messageId, HEX),
      flag: 0,
      inner: actionFrame({ command: 'power', on: wish.on }, node, this.sequence),
    });
    this.settlement.await('the receipt');
  }

  private onReply({ inner }: PacketOf<'data'>): void {
    const status = inner.kind === 'frame' ? inner.data[0] : undefined;
    if (status === 0) this.settlement.settle({ kind: 'applied' });
    else
      this.settlement.settle({ kind: 'rejected', why: `the device replied with status ${status ?? 'none'}` });
  }

  private isOurs({ messageId }: PacketOf<'receipt'>): boolean {
    return this.sentAt !== undefined && messageId === Number.parseInt(this.parts.messageId, HEX);
  }

  private isReply({ inner }: PacketOf<'data'>): boolean {
    const isReply = inner.kind === 'frame' && inner.direction === REPLY;
    return this.sentAt !== undefined && isReply && inner.sequence === this.sequence;
  }

  private send(packet: PacketInit): void {
    const bytes = encodePacket(packet);
    this.parts.duplex.write(bytes);
    this.tell('send', bytes, false);
  }

  private tell(direction: 'send' | 'recv', bytes: Uint8Array, isAnswer: boolean): void {
    const { messageId, clock, observe } = this.parts;
    const elapsedMs = clock.now() - (this.sentAt ?? clock.now());
    observe({
      kind: 'packet',
      direction,
      outcome: 'success',
      messageId,
      hex: redactedHex(bytes),
      elapsedMs,
      isAnswer,
    });
  }

  private undecodable(reason: string): void {
    this.parts.observe({ kind: 'undecodable', messageId: this.parts.messageId, reason });
  }
}

/** The session machine is never told of time here: each wait has its own. */
const NO_TICKS = {
  handshakeTimeoutMs: Infinity,
  silenceMs: Infinity,
  announceTimeoutMs: Infinity,
  announceAttempts: 1,
} as const;

function plainSequence(random: Random): number {
  let sequence = randomInteger(random, 1, MAX_SEQUENCE - 1);
  while (!isPlainSequence(sequence)) sequence = randomInteger(random, 1, MAX_SEQUENCE - 1);
  return sequence;
}
