import type { RedisConnection } from '../store/redis-connection';

export interface ServerWarning {
  readonly setting: string;
  readonly message: string;
}

const SETTINGS = ['maxmemory-policy', 'appendonly', 'save'];

/** What a server says of itself, and what is asked of it. */
export interface ServerStanding {
  readonly role: string;
  /** Replicas that follow it now. */
  readonly replicas: number;
  /** Those that a change waits for. */
  readonly waitReplicas: number;
}

/** Settings of the server with which it can lose the rollout. */
export async function serverWarnings(
  connection: RedisConnection,
  waitReplicas: number,
): Promise<readonly ServerWarning[]> {
  const settings = await connection.run('read its settings', async (redis) => {
    const answers: unknown = await Promise.all(SETTINGS.map((name) => redis.config('GET', name)));
    return new Map(answers as [string, string][]);
  });
  const role = await connection.run('read its role', (redis) => redis.role());
  const [kind, , followers] = role;
  const replicas = Array.isArray(followers) ? followers.length : 0;
  return warningsOf(settings, { role: String(kind), replicas, waitReplicas });
}

/** Pure, for what the three settings and the standing mean together. */
export function warningsOf(
  settings: ReadonlyMap<string, string>,
  { role, replicas, waitReplicas }: ServerStanding,
): readonly ServerWarning[] {
  const warnings: ServerWarning[] = [];
  const policy = settings.get('maxmemory-policy');
  if (policy !== undefined && policy !== 'noeviction')
    warnings.push({
      setting: 'maxmemory-policy',
      message: `${policy} may throw the rollout away when memory is short; noeviction refuses writes instead`,
    });
  if (settings.get('appendonly') === 'no' && settings.get('save') === '')
    warnings.push({
      setting: 'appendonly',
      message: 'nothing is kept over a restart of the server; then everything goes to 0 %, latched',
    });
  if (role === 'master' && replicas > 0 && waitReplicas === 0)
    warnings.push({
      setting: 'store.waitReplicas',
      message: `the server has ${replicas} replicas and a change waits for none of them; a failover may forget it`,
    });
  if (role === 'slave')
    warnings.push({ setting: 'replicaof', message: 'this server is a replica and takes no writes' });
  return warnings;
}
