import type { DialAddress } from '../../src/link/dialler';
import { dialTo, type Connect } from '../../src/simulator/connector';

/** Devices that begin with one process after the other, as behind a balancer, and try the next one when it is gone. */
export function dialInTurn(ports: readonly number[]): Connect {
  const addresses = ports.map((port) => ({ host: '127.0.0.1', port, tls: false }));
  let first = 0;
  return (parts) => {
    first += 1;
    const rotated = addresses.map((_, at) => addresses[(at + first) % addresses.length] as DialAddress);
    return dialTo(rotated)(parts);
  };
}
