import type { Clock } from '../kernel/clock';
import { parseDeviceId } from '../kernel/device-id';
import type { Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import { utcOffsetMinutes } from '../kernel/time-zone';
import type { TransportName } from '../kernel/words';
import type { PacketInit } from '../protocol/catalogue';
import { clockAnswer } from '../protocol/clock-sync';
import { encodePacket } from '../protocol/codec';
import type { Duplex } from './duplex';
import type { ExchangeRequest } from './link';
import { LinkCounters } from './link-counters';
import type { ExchangePort } from './open-exchange';
import type { ReportSubject, SessionReports } from './session-reports';

export interface SessionWriterSettings {
  /** More bytes than this waiting for a device that does not read end the connection. */
  readonly sendBufferLimitBytes: number;
  /** IANA zone of the clock that devices are given. */
  readonly timeZone: string;
}

export interface SessionWriterParts {
  readonly duplex: Duplex;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
  readonly settings: SessionWriterSettings;
  readonly subject: ReportSubject;
  readonly reports: SessionReports;
  /** More waits for the device than may. */
  readonly onFull: () => void;
}

/** All that one connection sends: numbers it, encodes it, and tells of it. */
export class SessionWriter implements ExchangePort {
  private readonly counters: LinkCounters;
  private closed = false;

  constructor(private readonly parts: SessionWriterParts) {
    const { random, observe } = parts;
    this.counters = new LinkCounters(random, () => observe({ kind: 'message_ids_wrapped' }));
  }

  get writable(): boolean {
    return this.parts.duplex.writable;
  }

  now(): number {
    return this.parts.clock.now();
  }

  nextSequence(): number {
    return this.counters.nextSequence();
  }

  nextMessageId(): number {
    return this.counters.nextMessageId();
  }

  transmit(transport: TransportName, { messageId, frame }: ExchangeRequest): void {
    const deviceId = parseDeviceId(this.parts.subject.deviceId());
    this.send({ kind: 'data', deviceId, messageId, flag: 0, inner: frame }, transport);
  }

  announce(deviceId: number): void {
    this.send({ kind: 'announce', deviceId, messageId: this.nextMessageId(), flag: 0 });
  }

  sendClock(): void {
    const wallMs = this.parts.clock.wallNow();
    this.send(clockAnswer(wallMs, utcOffsetMinutes(this.parts.settings.timeZone, wallMs)));
  }

  send(packet: PacketInit, transport = this.parts.subject.route()): void {
    if (this.closed) return;
    const { duplex, reports, settings, onFull } = this.parts;
    const raw = encodePacket(packet);
    duplex.write(raw);
    reports.sent(packet, raw, transport);
    if (duplex.pendingBytes > settings.sendBufferLimitBytes) onFull();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.closed = true;
  }
}
