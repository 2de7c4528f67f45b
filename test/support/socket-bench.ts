import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server on a free port of the loopback, and what it takes to end it whole. */
export class SocketBench {
  readonly accepted: Socket[] = [];
  private readonly clients: Socket[] = [];

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      this.accepted.push(socket);
    });
  }

  static async open(): Promise<SocketBench> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SocketBench(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next connection that comes. */
  async nextAccepted(): Promise<Socket> {
    const [socket] = (await once(this.server, 'connection')) as [Socket];
    return socket;
  }

  /** Both ends of a connection: who dialled, and who accepted. */
  async pair(dialling = dial): Promise<{ client: Socket; server: Socket }> {
    const accepting = this.nextAccepted();
    const client = dialling(this.port);
    this.clients.push(client);
    const server = await accepting;
    if (client.connecting) await once(client, 'connect');
    return { client, server };
  }

  async close(): Promise<void> {
    for (const socket of [...this.accepted, ...this.clients]) socket.destroy();
    const closed = once(this.server, 'close');
    this.server.close();
    await closed;
  }
}

/** A plain client, whose resets do not end the process. */
export function dial(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  return socket;
}

/**
 * A plain client that never reads. Destroyed while bytes wait for it, it resets its connection; what Node calls
 * `resetAndDestroy` finishes it first.
 */
export function dialDeaf(port: number): Socket {
  return dial(port).pause();
}

/** Resolves when the socket is closed, for whatever reason; `once` would reject when an error is the reason. */
export function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** A port of the loopback on which nobody listens. */
export async function deadPort(): Promise<number> {
  const bench = await SocketBench.open();
  const { port } = bench;
  await bench.close();
  return port;
}
