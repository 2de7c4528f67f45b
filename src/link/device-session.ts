import type { Clock } from '../kernel/clock';
import type { LinkEndReason, Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import type { Secret } from '../kernel/secret';
import type { TransportName } from '../kernel/words';
import { pageAcknowledgement } from '../protocol/actions';
import type { Packet } from '../protocol/catalogue';
import { formatDeviceId, type DeviceId } from '../kernel/device-id';
import type { DiscardReason } from '../protocol/framer';
import { notificationOf } from '../protocol/node-state';
import type { DeviceRecord } from './device-record';
import type { Duplex } from './duplex';
import { DuplicateWindow, type DuplicateSettings } from './duplicate-window';
import { ExchangeTable, isReply } from './exchange-table';
import type { Exchange, ExchangeListener, Link } from './link';
import { PacketReader, type PacketReaderSettings, type PacketSink } from './packet-reader';
import { ReadPace, type ReadPaceSettings } from './read-pace';
import {
  sessionStep,
  type SessionEffect,
  type SessionEvent,
  type SessionSettings,
  type SessionState,
} from './session-machine';
import { SessionReports } from './session-reports';
import { SessionWriter, type SessionWriterSettings } from './session-writer';

export interface ConnectionSettings
  extends SessionSettings, PacketReaderSettings, SessionWriterSettings, DuplicateSettings, ReadPaceSettings {}

/** What a session needs of the registry that owns it. */
export interface SessionOwner {
  /** May this connection be that device? The record to use, or why not. */
  admit(session: DeviceSession, deviceId: DeviceId, auth: Secret): DeviceRecord | LinkEndReason;
  ready(session: DeviceSession): void;
  ended(session: DeviceSession, reason: LinkEndReason): void;
  /** The transport that serves the device now: the label of what its packets are counted under. */
  routeOf(deviceId: DeviceId): TransportName;
}

export interface SessionParts {
  readonly duplex: Duplex;
  readonly connection: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
  readonly settings: ConnectionSettings;
  readonly owner: SessionOwner;
}

/** One connection of one device: performs what `sessionStep` decides, and is the Link once it is ready. */
export class DeviceSession implements Link {
  readonly connection: number;
  readonly remote: string;
  deviceId: DeviceId = '';
  private record: DeviceRecord | undefined;
  private state: SessionState;
  private lastHeardAt: number;
  private closed = false;
  private readonly reader: PacketReader;
  private readonly writer: SessionWriter;
  private readonly duplicates: DuplicateWindow;
  private readonly pace: ReadPace;
  private readonly reports: SessionReports;
  private packetsRead = 0;
  private readonly exchanges: ExchangeTable;

  constructor(private readonly parts: SessionParts) {
    const { clock, duplex, observe, settings } = parts;
    this.connection = parts.connection;
    this.remote = duplex.remote;
    this.lastHeardAt = clock.now();
    this.state = { kind: 'awaiting_handshake', openedAt: this.lastHeardAt };
    this.reader = new PacketReader(this.sink(), clock, settings);
    this.duplicates = new DuplicateWindow(settings);
    this.pace = new ReadPace(duplex, clock, settings);
    const subject = { deviceId: () => this.deviceId, route: () => this.route() };
    const reports = new SessionReports(observe, subject);
    this.reports = reports;
    this.writer = new SessionWriter({
      ...parts,
      subject,
      reports,
      onFull: () => this.end('send_buffer_full'),
    });
    this.exchanges = new ExchangeTable(this.writer, observe);
  }

  get ownNode(): number | undefined {
    return this.record?.ownNode;
  }

  /** Bytes that the device has not taken and the system does not hold either. */
  get pendingBytes(): number {
    return this.parts.duplex.pendingBytes;
  }

  get isReady(): boolean {
    return this.state.kind === 'ready';
  }

  get isIdentified(): boolean {
    return this.record !== undefined;
  }

  start(): void {
    this.parts.duplex.attach({
      data: (chunk) => this.onData(chunk),
      drained: () => this.onDrained(),
      closed: (reason) => this.finish(reason),
    });
  }

  nextSequence(): number {
    return this.writer.nextSequence();
  }

  nextMessageId(): number {
    return this.writer.nextMessageId();
  }

  openExchange(transport: TransportName, listeners: readonly ExchangeListener[]): Exchange {
    return this.exchanges.openExchange(transport, listeners);
  }

  /** One sweep serves all connections, so that 10,000 devices do not cost 10,000 timers. */
  tick(): void {
    this.reader.tick();
    this.step({ kind: 'tick', at: this.parts.clock.now(), lastHeardAt: this.lastHeardAt });
  }

  end(reason: LinkEndReason): void {
    this.parts.duplex.close(reason);
    this.finish(reason);
  }

  private onData(chunk: Uint8Array): void {
    if (this.state.kind === 'ended') return;
    this.lastHeardAt = this.parts.clock.now();
    if (this.record) this.record.lastHeardAt = this.parts.clock.wallNow();
    this.packetsRead = 0;
    this.reader.push(chunk);
    this.keepPace(chunk.length);
    // Answers pile up for a device that writes but does not read: stop listening until it has taken them.
    if (!this.parts.duplex.writable) this.parts.duplex.pause();
  }

  private keepPace(bytes: number): void {
    if (this.state.kind === 'ended') return;
    const pauseMs = this.pace.charge(this.packetsRead, bytes);
    if (pauseMs > 0) this.reports.slowed(pauseMs);
  }

  private onDrained(): void {
    this.parts.duplex.resume();
    this.exchanges.drained();
  }

  private sink(): PacketSink {
    return {
      packet: (packet, raw) => this.onPacket(packet, raw),
      malformed: ({ type, reason }) => this.onMalformed(type, 'packet', reason),
      discarded: (reason, count) => this.onDiscarded(reason, count),
    };
  }

  private onDiscarded(reason: DiscardReason, count: number): void {
    this.reports.discarded(reason, count);
    if (reason === 'tls' && this.state.kind === 'awaiting_handshake') this.end('tls_on_plain_port');
  }

  private onMalformed(type: number, part: 'packet' | 'frame', reason: string): void {
    if (this.state.kind !== 'ended') this.reports.malformed(type, part, reason);
  }

  private onPacket(packet: Packet, raw: Uint8Array): void {
    if (this.state.kind === 'ended') return;
    this.packetsRead += 1;
    const elapsedMs = this.matchAnswer(packet);
    this.reports.received(packet, raw, elapsedMs);
    this.step({ kind: 'packet', packet, at: this.lastHeardAt, duplicate: this.isDuplicate(packet, raw) });
  }

  /** Replies are matched, not remembered: the exchange knows whether it had one. */
  private isDuplicate(packet: Packet, raw: Uint8Array): boolean {
    if (packet.kind !== 'status' && packet.kind !== 'data') return false;
    if (packet.inner.kind === 'frame' && isReply(packet.inner)) return false;
    const type = raw[0] ?? 0;
    if (!this.duplicates.isDuplicate({ type, messageId: packet.messageId, raw }, this.lastHeardAt))
      return false;
    this.reports.duplicate(type);
    return true;
  }

  /** Milliseconds since the transmission that this packet answers, when it answers one. */
  private matchAnswer(packet: Packet): number | undefined {
    if (packet.kind === 'receipt') return this.exchanges.receipt(packet.messageId, this.route());
    if (packet.kind !== 'data' || packet.inner.kind !== 'frame' || !isReply(packet.inner)) return undefined;
    return this.exchanges.reply(packet.inner, this.route());
  }

  private step(event: SessionEvent): void {
    const { state, effects } = sessionStep(this.state, event, this.parts.settings);
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: SessionEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.writer.send(effect.packet);
      case 'send_clock':
        return this.writer.sendClock();
      case 'identify':
        return this.identify(formatDeviceId(effect.deviceId), effect);
      case 'announce':
        return this.writer.announce(effect.deviceId);
      case 'ready':
        return this.becomeReady(effect.announced);
      case 'acknowledge_page':
        return this.acknowledgePage();
      case 'deliver':
        return this.learn(effect.packet);
      case 'end':
        return this.end(effect.reason);
    }
  }

  private identify(deviceId: DeviceId, claim: { deviceId: number; auth: Secret }): void {
    const admitted = this.parts.owner.admit(this, deviceId, claim.auth);
    this.parts.observe({
      kind: 'handshake',
      deviceId,
      outcome: typeof admitted === 'string' ? 'refused' : 'success',
    });
    if (typeof admitted === 'string') return this.end(admitted);
    this.deviceId = deviceId;
    this.record = admitted;
    this.step({ kind: 'admitted', deviceId: claim.deviceId, at: this.parts.clock.now() });
  }

  private becomeReady(announced: boolean): void {
    if (!announced) this.parts.observe({ kind: 'announce_unanswered', deviceId: this.deviceId });
    this.parts.owner.ready(this);
  }

  private learn(packet: Extract<SessionEffect, { kind: 'deliver' }>['packet']): void {
    if (packet.kind === 'datapoints') return this.record?.learnDatapoints(packet.datapoints);
    if (packet.inner.kind === 'malformed') {
      return this.onMalformed(packet.kind === 'data' ? 0x73 : 0x83, 'frame', packet.inner.reason);
    }
    if (!packet.inner.checksumOk) this.reports.checksumMismatch();
    this.record?.learnNotification(notificationOf(packet.inner));
  }

  private acknowledgePage(): void {
    const messageId = this.nextMessageId();
    this.exchanges.expectReceipt(messageId);
    const frame = pageAcknowledgement(this.nextSequence());
    this.writer.transmit(this.route(), { messageId, frame });
  }

  private route(): TransportName {
    return this.deviceId === '' ? 'legacy' : this.parts.owner.routeOf(this.deviceId);
  }

  private finish(reason: LinkEndReason): void {
    if (this.closed) return;
    this.closed = true;
    this.pace.close();
    this.writer.close();
    this.state = { kind: 'ended', reason };
    this.exchanges.end(reason);
    this.parts.owner.ended(this, reason);
  }
}
