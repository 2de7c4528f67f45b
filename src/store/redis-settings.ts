import { readFileSync } from 'node:fs';
import type { RedisOptions } from 'ioredis';
import type { Random } from '../kernel/random';

/** Where Redis is and how long to wait for it. Millisecond values. */
export interface RedisSettings {
  /** redis:// or rediss://, with user, password and database. With Sentinel its host and port are not used. */
  readonly url?: string | undefined;
  /** Read at each connect, so that a password can be changed without a restart. Goes before the one of the URL. */
  readonly passwordFile?: string | undefined;
  readonly sentinel?: SentinelSettings | undefined;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

export interface SentinelSettings {
  /** What the Sentinels call the master. */
  readonly name: string;
  /** host:port of each Sentinel. */
  readonly nodes: readonly string[];
  readonly passwordFile?: string | undefined;
}

const RECONNECT_FIRST_MS = 50;
const RECONNECT_LONGEST_MS = 1000;
/** A frozen server does not answer a FIN; its socket is thrown away after this. */
const DISCONNECT_MS = 50;
const DEFAULT_SENTINEL_PORT = 26_379;
/** Sentinels say where the master is. */
const NO_ADDRESS = 'redis://sentinel';

/**
 * Options of a client that fails fast and never does by itself what it was asked to do long ago: nothing waits for a
 * connection, nothing is sent twice, and every answer has a time limit.
 */
export function redisOptions(settings: RedisSettings, random: Random): RedisOptions {
  const { url = NO_ADDRESS, commandTimeoutMs: commandTimeout, connectTimeoutMs: connectTimeout } = settings;
  const { hostname, port, username, pathname, protocol } = new URL(url);
  const password = passwordOf(settings);
  const tls = protocol === 'rediss:' ? { tls: { servername: hostname } } : {};
  const database = pathname.slice(1);
  return {
    ...(settings.sentinel ? sentinelOptions(settings.sentinel, tls.tls !== undefined) : {}),
    ...(settings.sentinel ? {} : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }),
    ...tls,
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === undefined ? {} : { password }),
    db: database === '' ? 0 : Number(database),
    // The newer protocol sends the password in a command that an old server repeats in its refusal.
    protocol: 2,
    commandTimeout,
    connectTimeout,
    sentinelCommandTimeout: commandTimeout,
    disconnectTimeout: DISCONNECT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxLoadingRetryTime: RECONNECT_LONGEST_MS,
    retryStrategy: (times) => reconnectDelay(times, random),
  };
}

/** Grows to a second, and is not the same for all replicas. */
function reconnectDelay(times: number, random: Random): number {
  const longest = Math.min(RECONNECT_FIRST_MS * 2 ** Math.min(times, 10), RECONNECT_LONGEST_MS);
  return longest * (0.5 + random.next() / 2);
}

function sentinelOptions({ name, nodes, passwordFile }: SentinelSettings, tls: boolean): RedisOptions {
  const password = passwordFile === undefined ? undefined : textOf(passwordFile);
  return {
    name,
    role: 'master',
    sentinels: nodes.map(addressOf),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    // Told of a switch by the Sentinels, a client leaves a master that froze instead of waiting for it to thaw.
    failoverDetector: true,
    sentinelRetryStrategy: () => null,
    sentinelReconnectStrategy: () => RECONNECT_LONGEST_MS,
    ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  };
}

function addressOf(node: string): { host: string; port: number } {
  const at = node.lastIndexOf(':');
  return at === -1
    ? { host: node, port: DEFAULT_SENTINEL_PORT }
    : { host: node.slice(0, at), port: Number(node.slice(at + 1)) };
}

/** A file that cannot be read leaves it to the server to refuse what is left. */
export function passwordOf({ url = NO_ADDRESS, passwordFile }: RedisSettings): string | undefined {
  const { password } = new URL(url);
  const ofUrl = password === '' ? undefined : decodeURIComponent(password);
  return passwordFile === undefined ? ofUrl : (textOf(passwordFile) ?? ofUrl);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Whether there is a Redis at all. */
export function usesRedis({ url, sentinel }: Pick<RedisSettings, 'url' | 'sentinel'>): boolean {
  return url !== undefined || sentinel !== undefined;
}

/** What the keys of one rollout begin with. The braces keep them together on one server of a cluster. */
export function keyPrefixOf({ keyPrefix, rollout }: { keyPrefix: string; rollout: string }): string {
  return `${keyPrefix}:{${rollout}}`;
}
