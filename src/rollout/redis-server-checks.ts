import type { RedisConnection } from '../store/redis-connection';

export interface ServerWarning {
  readonly setting: string;
  readonly message: string;
}

const SETTINGS = ['maxmemory-policy', 'appendonly', 'save'];

/** Settings of the server with which it can lose the rollout. */
export async function serverWarnings(connection: RedisConnection): Promise<readonly ServerWarning[]> {
  const settings = await connection.run('read its settings', async (redis) => {
    const answers: unknown = await Promise.all(SETTINGS.map((name) => redis.config('GET', name)));
    return new Map(answers as [string, string][]);
  });
  const role = await connection.run('read its role', (redis) => redis.role());
  return warningsOf(settings, String(role[0]));
}

/** Pure, for what the three settings and the role mean together. */
export function warningsOf(settings: ReadonlyMap<string, string>, role: string): readonly ServerWarning[] {
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
  if (role === 'slave')
    warnings.push({ setting: 'replicaof', message: 'this server is a replica and takes no writes' });
  return warnings;
}
