import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { systemClock } from '../../src/kernel/clock';

/** The programme's five ways for a device to behave (protocol 6.1). */
export const MOCK_MODES = ['SUCCESS', 'DELAY', 'DISCONNECT', 'TIMEOUT', 'REJECT'] as const;
export type MockMode = (typeof MOCK_MODES)[number];

const ANSWER = Buffer.from('{"status":"ok"}');

/**
 * Answers at once, late, never, or closes: behind the request (DISCONNECT) or before it (REJECT). The modes are for
 * the connections in the order in which they come; the last one holds for all that follow.
 */
export class MockTcpServer {
  /** What came on each connection. */
  readonly requests: Buffer[] = [];
  private connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly modes: readonly MockMode[],
    private readonly delayMs: number,
  ) {
    server.on('connection', (socket) => this.accept(socket));
  }

  static async open(modes: readonly MockMode[], { port = 0, delayMs = 50 } = {}): Promise<MockTcpServer> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new MockTcpServer(server, modes, delayMs);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get accepted(): number {
    return this.connections;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    const mode = this.modes[Math.min(this.connections++, this.modes.length - 1)] as MockMode;
    this.sockets.add(socket);
    socket.on('error', () => {});
    if (mode === 'REJECT') {
      socket.destroy();
      return;
    }
    socket.on('data', (request) => {
      this.requests.push(request);
      this.answer(socket, mode);
    });
  }

  private answer(socket: Socket, mode: MockMode): void {
    if (mode === 'SUCCESS') socket.write(ANSWER);
    if (mode === 'DELAY') systemClock.after(this.delayMs, () => socket.write(ANSWER));
    if (mode === 'DISCONNECT') socket.destroy();
  }
}
