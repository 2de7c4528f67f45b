import { AppError, messageOf, systemCodeOf } from './errors';

export interface ListenAddress {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** One line that says which address could not be listened on, and why. */
export function listenError(error: unknown, { host, port }: ListenAddress): AppError {
  const code = systemCodeOf(error);
  if (code === 'EADDRINUSE')
    return new AppError('address.in_use', `port ${port} on ${host} is in use by another process`, {
      host,
      port,
    });
  return new AppError(
    'address.unavailable',
    `cannot listen on ${host}:${port}: ${messageOf(error)}`,
    { host, port },
    error,
  );
}

/** The port of what `address()` of a listening server returns. */
export function portOf(address: { readonly port: number } | string | null): number {
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a TCP port');
  return address.port;
}
