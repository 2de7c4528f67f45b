import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Cancel, Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { retryDelay, type RetrySettings } from '../kernel/retry-schedule';
import type { Duplex } from './duplex';
import { SocketDuplex } from './socket-duplex';
import { DEVICE_TLS } from './tls-policy';

export interface DialAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface DiallerParts {
  /** Tried in turn, one per attempt. */
  readonly addresses: readonly DialAddress[];
  readonly clock: Clock;
  readonly random: Random;
  /** The pause grows with each attempt that failed in a row; `retries` is not a limit here, a dialler never gives up. */
  readonly backoff: Omit<RetrySettings, 'retries'>;
  readonly connectTimeoutMs: number;
  /** Called for each connection made; the duplex is not attached yet. */
  readonly onDuplex: (duplex: Duplex) => void;
}

type DiallerState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'connecting'; readonly socket: Socket; readonly cancelTimeout: Cancel }
  | { readonly kind: 'connected'; readonly duplex: Duplex; readonly since: number }
  | { readonly kind: 'waiting'; readonly cancel: Cancel }
  | { readonly kind: 'stopped' };

/** Longest exponent of the backoff: beyond it the cap holds anyway. */
const MAX_BACKOFF_STEP = 16;

/** Keeps one outgoing connection open: dials, hands it over, and dials again when it ended. */
export class Dialler {
  private state: DiallerState = { kind: 'idle' };
  private attempts = 0;
  private failures = 0;

  constructor(private readonly parts: DiallerParts) {}

  start(): void {
    if (this.state.kind === 'idle') this.dial();
  }

  /** Closes the connection and dials no more. */
  stop(): void {
    const { state } = this;
    this.state = { kind: 'stopped' };
    if (state.kind === 'waiting') state.cancel();
    if (state.kind === 'connected') state.duplex.close('shutdown');
    if (state.kind === 'connecting') {
      state.cancelTimeout();
      state.socket.destroy();
    }
  }

  private dial(): void {
    const address = this.parts.addresses[this.attempts++ % this.parts.addresses.length] as DialAddress;
    const { host, port } = address;
    // Devices do not check the controller's certificate (protocol 4.1), and neither does what stands in for one.
    const socket = address.tls
      ? connectTls({ ...DEVICE_TLS, host, port, rejectUnauthorized: false })
      : connect({ host, port });
    const cancelTimeout = this.parts.clock.after(this.parts.connectTimeoutMs, () => socket.destroy());
    this.state = { kind: 'connecting', socket, cancelTimeout };
    socket.on('error', () => {});
    socket.once('close', () => this.onClosed());
    socket.once(address.tls ? 'secureConnect' : 'connect', () => this.onConnected(socket, address.tls));
  }

  private onConnected(socket: Socket, encrypted: boolean): void {
    if (this.state.kind !== 'connecting') return;
    this.state.cancelTimeout();
    const duplex = new SocketDuplex(socket, encrypted);
    this.state = { kind: 'connected', duplex, since: this.parts.clock.now() };
    this.parts.onDuplex(duplex);
  }

  private onClosed(): void {
    if (this.state.kind === 'stopped') return;
    if (this.state.kind === 'connecting') this.state.cancelTimeout();
    if (this.state.kind === 'connected' && this.hasLasted(this.state.since)) this.failures = 0;
    this.redial();
  }

  /** Who takes a connection only to end it at once must not be dialled as if all were well. */
  private hasLasted(since: number): boolean {
    return this.parts.clock.now() - since >= this.parts.backoff.capMs;
  }

  private redial(): void {
    const step = Math.min(this.failures++, MAX_BACKOFF_STEP);
    const pause = retryDelay({ ...this.parts.backoff, retries: Infinity }, step, this.parts.random);
    this.state = { kind: 'waiting', cancel: this.parts.clock.after(pause, () => this.dial()) };
  }
}
