import type { Clock } from '../kernel/clock';
import type { Dial } from '../link/dial';
import type { Duplex } from '../link/duplex';
import type { Direction, LiveRead, ReadObserver } from './live-read';
import { pressureOn, type Pressure, type PressureSettings } from './pressure';
import { Relay } from './relay';

export interface InterceptorSettings extends PressureSettings {
  /** Devices relayed at once. */
  readonly maxConnections: number;
}

export interface InterceptorParts {
  readonly clock: Clock;
  /** One attempt to reach the upstream controller. */
  readonly dialUpstream: () => Dial;
  readonly settings: InterceptorSettings;
  /** Must not throw. */
  readonly observer: Required<ReadObserver>;
  readonly onProblem: (message: string) => void;
}

/** What has happened so far. Reads and bytes by direction. */
export interface InterceptorFigures {
  readonly connections: number;
  readonly active: number;
  readonly refused: number;
  readonly unreachable: number;
  readonly disconnects: number;
  readonly reads: Readonly<Record<Direction, number>>;
  readonly bytes: Readonly<Record<Direction, number>>;
  readonly bufferFillReached: number;
  readonly ackDelaysApplied: number;
}

/** The man in the middle: for every device that dials in, a connection upstream, and all bytes between the two. */
export class Interceptor {
  private readonly relays = new Map<string, Relay>();
  private readonly dials = new Set<Dial>();
  private fileIsFull = false;
  private onEmpty: () => void = () => {};
  private readonly figures = {
    connections: 0,
    refused: 0,
    unreachable: 0,
    disconnects: 0,
    reads: { dev_to_cloud: 0, cloud_to_dev: 0 },
    bytes: { dev_to_cloud: 0, cloud_to_dev: 0 },
    bufferFillReached: 0,
    ackDelaysApplied: 0,
  };

  /** Not the wall clock itself: that counts in whole milliseconds, and may step in the middle of a conversation. */
  private readonly wallAtOrigin: number;

  constructor(private readonly parts: InterceptorParts) {
    this.wallAtOrigin = parts.clock.wallNow() - parts.clock.now();
  }

  /** A device has connected. It is read only when the controller has been reached. */
  async accept(device: Duplex): Promise<void> {
    const { settings, onProblem, dialUpstream } = this.parts;
    if (this.relays.size + this.dials.size >= settings.maxConnections) {
      this.figures.refused += 1;
      device.close('too_many_connections');
      return;
    }
    const conn = String(++this.figures.connections);
    const dial = dialUpstream();
    this.dials.add(dial);
    const dialled = await dial.result;
    // Not there any more when the run ended meanwhile; a connection that came all the same is closed.
    const wanted = this.dials.delete(dial);
    if (dialled.kind === 'connected' && wanted) {
      this.relay(conn, device, dialled.duplex);
      return;
    }
    device.close('shutdown');
    if (dialled.kind === 'connected') dialled.duplex.close('shutdown');
    if (!wanted || dialled.kind === 'connected') return;
    this.figures.unreachable += 1;
    onProblem(`connection ${conn}: the controller cannot be reached: ${dialled.reason}`);
  }

  get connections(): readonly string[] {
    return [...this.relays.keys()];
  }

  status(): InterceptorFigures {
    return { ...this.figures, active: this.relays.size };
  }

  /** Writes bytes into one direction of a connection; false when there is no such connection. */
  inject(conn: string, dir: Direction, bytes: Uint8Array): boolean {
    const relay = this.relays.get(conn);
    relay?.inject(dir, bytes);
    return relay !== undefined;
  }

  /** Reads nothing from anybody while the capture file is behind. */
  holdForFile(isFull: boolean): void {
    this.fileIsFull = isFull;
    for (const relay of this.relays.values()) {
      if (isFull) relay.hold('file');
      else relay.release('file');
    }
  }

  /** Ends every connection; resolves when the last one has ended. */
  async stop(): Promise<void> {
    for (const dial of this.dials) {
      this.dials.delete(dial);
      dial.cancel();
    }
    if (this.relays.size === 0) return;
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
      for (const relay of [...this.relays.values()]) relay.end();
    });
  }

  private relay(conn: string, device: Duplex, upstream: Duplex): void {
    const relay: Relay = new Relay({
      device,
      upstream,
      clock: this.parts.clock,
      pressure: (dir, read, reads) => this.pressure(dir, read, reads),
      onRead: (dir, bytes, injected) => this.onRead({ conn, dir, bytes, injected }),
      onEnded: () => this.onEnded(conn),
    });
    this.relays.set(conn, relay);
    relay.start();
    if (this.fileIsFull) relay.hold('file');
  }

  private onRead(read: Omit<LiveRead, 'at'>): void {
    const { figures } = this;
    if (!read.injected) {
      figures.reads[read.dir] += 1;
      figures.bytes[read.dir] += read.bytes.length;
    }
    const at = this.wallAtOrigin + this.parts.clock.now();
    this.parts.observer.read({ ...read, at });
  }

  private pressure(dir: Direction, read: Uint8Array, reads: number): Pressure {
    const pressure = pressureOn(this.parts.settings, { dir, firstByte: read[0], reads });
    if (pressure.kind === 'delay') this.figures.ackDelaysApplied += 1;
    if (pressure.kind === 'pause' && pressure.filled) this.figures.bufferFillReached += 1;
    return pressure;
  }

  private onEnded(conn: string): void {
    this.relays.delete(conn);
    this.figures.disconnects += 1;
    this.parts.observer.closed(conn);
    if (this.relays.size === 0) this.onEmpty();
  }
}
