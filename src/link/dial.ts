import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../kernel/clock';
import { messageOf } from '../kernel/errors';
import type { DialAddress } from './dialler';
import type { Duplex } from './duplex';
import { SocketDuplex } from './socket-duplex';
import { DEVICE_TLS } from './tls-policy';

/** How one attempt to connect ended. */
export type Dialled =
  | { readonly kind: 'connected'; readonly duplex: Duplex }
  | { readonly kind: 'failed'; readonly reason: string };

export interface DialParts {
  readonly address: DialAddress;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** One attempt to connect, which can be given up; then it has failed. */
export interface Dial {
  readonly result: Promise<Dialled>;
  cancel(): void;
}

/** Dials once. Nobody checks the certificate at the other end, as devices do not (protocol 4.1). */
export function dial({ address, clock, timeoutMs }: DialParts): Dial {
  const { host, port, tls } = address;
  const socket: Socket = tls
    ? connectTls({ ...DEVICE_TLS, host, port, rejectUnauthorized: false })
    : connect({ host, port });
  const giveUp = (why: string): void => void socket.destroy(new Error(why));
  const result = new Promise<Dialled>((resolve) => {
    const cancelTimeout = clock.after(timeoutMs, () => giveUp(`no connection within ${timeoutMs} ms`));
    const settle = (dialled: Dialled): void => {
      cancelTimeout();
      resolve(dialled);
    };
    socket.on('error', (error) => settle({ kind: 'failed', reason: messageOf(error) }));
    socket.once('close', () => settle({ kind: 'failed', reason: 'the other end closed the connection' }));
    socket.once(tls ? 'secureConnect' : 'connect', () =>
      settle({ kind: 'connected', duplex: new SocketDuplex(socket, tls) }),
    );
  });
  return { result, cancel: () => giveUp('given up') };
}
