import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import { Dialler, type DialAddress } from '../link/dialler';
import type { Duplex } from '../link/duplex';

/** Keeps one device connected: each connection made is handed over, and made anew when it ended. */
export interface Connector {
  start(): void;
  /** Closes the connection and makes no more. */
  stop(): void;
}

/** What one device's connector is made from. */
export interface ConnectorParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly onDuplex: (duplex: Duplex) => void;
}

/** How a fleet's devices get their connections: by dialling, or over pipes in memory. */
export type Connect = (parts: ConnectorParts) => Connector;

/** Devices redial at once; a fleet that does so in step after a restart of the controller would be a storm. */
const BACKOFF = { baseMs: 250, capMs: 10_000, jitterMs: 500 } as const;
const CONNECT_TIMEOUT_MS = 10_000;

/** Dials the addresses in turn. */
export function dialTo(addresses: readonly DialAddress[]): Connect {
  return (parts) =>
    new Dialler({ ...parts, addresses, backoff: BACKOFF, connectTimeoutMs: CONNECT_TIMEOUT_MS });
}

const ADDRESS = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^:\s?]+)):(?<port>\d{1,5})(?<tls>\?tls)?$/;
const MAX_PORT = 65_535;

/** Reads `host:port`, or `host:port?tls`; an IPv6 address stands in brackets. Undefined for anything else. */
export function parseDialAddress(text: string): DialAddress | undefined {
  const groups = ADDRESS.exec(text)?.groups;
  const port = Number(groups?.port);
  if (!groups || !(port >= 1 && port <= MAX_PORT)) return undefined;
  return { host: groups.v6 ?? groups.name ?? '', port, tls: groups.tls !== undefined };
}
