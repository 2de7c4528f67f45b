import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { systemCodeOf } from '../kernel/errors';
import type { Observe } from '../kernel/facts';
import { listenError, portOf } from '../kernel/listen-error';
import type { Duplex } from './duplex';
import { SocketDuplex } from './socket-duplex';
import { DEVICE_TLS, type Identity } from './tls-policy';

export interface ListenerSettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Connections that the kernel holds before they are accepted; too few lose a reconnect storm silently. */
  readonly backlog: number;
  /** Sockets open at once, those that never finish their TLS handshake included. */
  readonly maxSockets: number;
  readonly tlsHandshakeTimeoutMs: number;
}

export interface ListenerParts {
  readonly settings: ListenerSettings;
  /** Absent: plain TCP, for labs. */
  readonly identity?: Identity;
  readonly observe: Observe;
  readonly onDuplex: (duplex: Duplex) => void;
  /** Whether one more connection may be taken now; absent: always. */
  readonly admit?: () => boolean;
}

/** A port that devices dial into, over TLS or plain TCP. */
export class Listener {
  private readonly sockets = new Set<Socket>();
  private closed: Promise<void> | undefined;
  private readonly server: Server;
  /** Never listens itself: it is handed the sockets that were let in. */
  private readonly tls: Server | undefined;

  constructor(private readonly parts: ListenerParts) {
    this.tls = parts.identity && this.tlsServer(parts.identity);
    this.server = createServer((socket) => this.onConnection(socket));
    this.server.maxConnections = parts.settings.maxSockets;
    this.server.on('drop', () => parts.observe({ kind: 'connection_refused', reason: 'limit' }));
  }

  /** The port in use; differs from the setting when that was 0. */
  get port(): number {
    return portOf(this.server.address());
  }

  async listen(): Promise<void> {
    const { host, port, backlog } = this.parts.settings;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => reject(listenError(error, { host, port })));
      this.server.listen({ host, port, backlog }, resolve);
    });
    // From here on an error concerns one accept (too many files open); the server goes on.
    this.server.removeAllListeners('error');
    this.server.on('error', (error) =>
      this.parts.observe({
        kind: 'tls_handshake_failed',
        remote: host,
        code: systemCodeOf(error) ?? 'accept_failed',
      }),
    );
  }

  /** Takes no more connections; those that are open go on. */
  stopListening(): void {
    this.closed ??= new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Stops listening and destroys what is still open. */
  async close(): Promise<void> {
    this.stopListening();
    for (const socket of this.sockets) socket.destroy();
    await this.closed;
  }

  private tlsServer(identity: Identity): Server {
    const handshakeTimeout = this.parts.settings.tlsHandshakeTimeoutMs;
    const server = createTlsServer({ ...DEVICE_TLS, ...identity, handshakeTimeout }, (socket) =>
      this.accept(socket, true),
    );
    server.on('tlsClientError', (error, socket: TLSSocket) => {
      this.parts.observe({
        kind: 'tls_handshake_failed',
        remote: socket.remoteAddress ?? 'unknown',
        code: systemCodeOf(error) ?? 'unknown',
      });
      // Node reports the time-out of a handshake but leaves its socket open for ever.
      socket.destroy();
    });
    return server;
  }

  /** Whoever comes too quickly after the others is sent away before TLS costs anything; devices dial again. */
  private onConnection(socket: Socket): void {
    this.track(socket);
    if (this.parts.admit && !this.parts.admit()) {
      this.parts.observe({ kind: 'connection_refused', reason: 'rate' });
      socket.destroy();
      return;
    }
    if (this.tls) this.tls.emit('connection', socket);
    else this.accept(socket, false);
  }

  private accept(socket: Socket, encrypted: boolean): void {
    this.parts.onDuplex(new SocketDuplex(socket, encrypted));
  }

  /** A socket that never finishes its TLS handshake must be found at shutdown too. */
  private track(socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    // Until a SocketDuplex listens, nothing else would keep a reset from ending the process.
    socket.on('error', () => {});
  }
}
