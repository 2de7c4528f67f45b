import type { Clock, Cancel } from '../kernel/clock';
import type { LinkEndReason, Observe } from '../kernel/facts';
import type { Random } from '../kernel/random';
import type { Secret } from '../kernel/secret';
import type { TransportName } from '../kernel/words';
import type { DeviceId } from '../kernel/device-id';
import type { Credentials } from './credentials';
import { DeviceRecord } from './device-record';
import { DeviceSession, type ConnectionSettings, type SessionOwner } from './device-session';
import type { Duplex } from './duplex';
import type { Link } from './link';
import { spread } from './spread';

export interface RegistrySettings extends ConnectionSettings {
  /** Connections in all; one more is closed at once. */
  readonly maxConnections: number;
  /** Connections that have not said who they are. */
  readonly maxUnidentified: number;
  /** A device that connects more often within a minute is sent away until the minute is over. */
  readonly maxConnectsPerMinute: number;
  /** Devices remembered, connected or not. Of those not connected the one seen first goes first. */
  readonly maxDevices: number;
  /** How often all connections are looked at for silence and late packets. */
  readonly sweepMs: number;
}

export interface LinkListener {
  ready?(link: Link): void;
  ended?(link: Link): void;
}

export interface RegistryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: Observe;
  readonly settings: RegistrySettings;
  readonly credentials: Credentials;
  readonly routeOf: (deviceId: DeviceId) => TransportName;
}

/**
 * All connections of all devices. The newest connection of a device wins, if it shows the credential that is
 * remembered for that device.
 */
export class SessionRegistry implements SessionOwner {
  private readonly sessions = new Set<DeviceSession>();
  private readonly identified = new Map<DeviceId, DeviceSession>();
  private readonly records = new Map<DeviceId, DeviceRecord>();
  private readonly listeners = new Set<LinkListener>();
  private readonly stopSweep: Cancel;
  private opened = 0;
  private closing = false;

  constructor(private readonly parts: RegistryParts) {
    this.stopSweep = parts.clock.every(parts.settings.sweepMs, () => this.sweep());
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.sessions.size;
  }

  /** Devices whose link takes commands now. */
  get connectedDevices(): number {
    let ready = 0;
    for (const session of this.identified.values()) if (session.isReady) ready += 1;
    return ready;
  }

  /** Takes a new connection, whoever opened it. */
  accept(duplex: Duplex): void {
    const { clock, random, observe, settings } = this.parts;
    const session = new DeviceSession({
      duplex,
      connection: ++this.opened,
      clock,
      random,
      observe,
      settings,
      owner: this,
    });
    this.sessions.add(session);
    observe({ kind: 'link_opened', remote: duplex.remote, encrypted: duplex.encrypted });
    session.start();
    if (this.closing) session.end('shutdown');
    else if (this.isCrowded()) session.end('too_many_connections');
  }

  /** The device's link, when it is ready for commands. */
  link(deviceId: DeviceId): Link | undefined {
    const session = this.identified.get(deviceId);
    return session?.isReady ? session : undefined;
  }

  isConnected(deviceId: DeviceId): boolean {
    return this.link(deviceId) !== undefined;
  }

  /** What is known of a device that was seen since the start. */
  record(deviceId: DeviceId): DeviceRecord | undefined {
    return this.records.get(deviceId);
  }

  /** All devices seen since the start that are still remembered. */
  knownDevices(): Iterable<DeviceRecord> {
    return this.records.values();
  }

  /** Up to `limit` connected device ids above `after`, in order. */
  connectedIds(after: DeviceId, limit: number): DeviceId[] {
    const ids: DeviceId[] = [];
    for (const [id, session] of this.identified) if (session.isReady && id > after) ids.push(id);
    return ids.sort().slice(0, limit);
  }

  /** Tells `listener` of links that become ready or end. */
  subscribe(listener: LinkListener): void {
    this.listeners.add(listener);
  }

  /** Forgets the credential and ends the connection that used it. False when none was remembered. */
  forgetCredential(deviceId: DeviceId, who: { readonly by: string; readonly reason: string }): boolean {
    if (!this.parts.credentials.forget(deviceId)) return false;
    this.parts.observe({ kind: 'credential_forgotten', deviceId, ...who });
    this.identified.get(deviceId)?.end('forgotten');
    return true;
  }

  /** Lets devices go, those without work first, and takes no new ones. Those that are busy to the end are left to `close`. */
  async letGo(overMs: number, isBusy: (deviceId: DeviceId) => boolean): Promise<void> {
    this.closing = true;
    const { clock, random, observe } = this.parts;
    observe({ kind: 'letting_go', devices: this.sessions.size, overMs });
    await spread({ clock, random, overMs, count: this.sessions.size }, (due) =>
      this.releaseIdle(due, isBusy),
    );
  }

  close(): void {
    this.closing = true;
    this.stopSweep();
    for (const session of [...this.sessions]) session.end('shutdown');
  }

  admit(session: DeviceSession, deviceId: DeviceId, auth: Secret): DeviceRecord | LinkEndReason {
    const check = this.parts.credentials.check(deviceId, auth);
    if (check === 'mismatch') return 'credential_mismatch';
    if (check === 'full') return 'credential_store_full';
    const record = this.remember(deviceId);
    if (!record.mayConnect(this.parts.clock.now(), this.parts.settings.maxConnectsPerMinute))
      return 'flapping';
    const former = this.identified.get(deviceId);
    this.identified.set(deviceId, session);
    former?.end('superseded');
    return record;
  }

  ready(session: DeviceSession): void {
    this.parts.observe({
      kind: 'link_ready',
      deviceId: session.deviceId,
      remote: session.remote,
      connection: session.connection,
    });
    for (const listener of this.listeners) listener.ready?.(session);
  }

  ended(session: DeviceSession, reason: LinkEndReason): void {
    this.sessions.delete(session);
    if (this.identified.get(session.deviceId) === session) this.identified.delete(session.deviceId);
    this.parts.observe({ kind: 'link_ended', deviceId: session.deviceId, remote: session.remote, reason });
    if (session.isIdentified) for (const listener of this.listeners) listener.ended?.(session);
  }

  routeOf(deviceId: DeviceId): TransportName {
    return this.parts.routeOf(deviceId);
  }

  /** How many of `wanted` could be let go. */
  private releaseIdle(wanted: number, isBusy: (deviceId: DeviceId) => boolean): number {
    let released = 0;
    for (const session of [...this.sessions]) {
      if (released === wanted) break;
      if (isBusy(session.deviceId)) continue;
      session.end('shutdown');
      released += 1;
    }
    return released;
  }

  private isCrowded(): boolean {
    const { maxConnections, maxUnidentified } = this.parts.settings;
    return this.sessions.size > maxConnections || this.sessions.size - this.identified.size > maxUnidentified;
  }

  private remember(deviceId: DeviceId): DeviceRecord {
    const known = this.records.get(deviceId);
    const record = known ?? new DeviceRecord(deviceId);
    if (!known) this.makeRoom();
    this.records.set(deviceId, record);
    record.connections += 1;
    record.lastHeardAt = this.parts.clock.wallNow();
    return record;
  }

  private makeRoom(): void {
    if (this.records.size < this.parts.settings.maxDevices) return;
    for (const id of this.records.keys()) {
      if (this.identified.has(id)) continue;
      this.records.delete(id);
      return;
    }
  }

  private sweep(): void {
    for (const session of [...this.sessions]) session.tick();
  }
}
