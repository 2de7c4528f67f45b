import { systemClock } from '../../src/kernel/clock';
import type { Fact } from '../../src/kernel/facts';
import { systemRandom } from '../../src/kernel/random';
import { RedisPlanStore, type RedisPlanStoreSettings } from '../../src/rollout/redis-plan-store';
import { RedisConnection } from '../../src/store/redis-connection';
import type { RedisSettings } from '../../src/store/redis-settings';
import type { RedisServer } from './redis-server';

export const PREFIX = 'pointsman:{test}';
export const DOCUMENT_KEY = `${PREFIX}:document`;

const SETTINGS: RedisPlanStoreSettings = {
  prefix: PREFIX,
  historyLimit: 100_000,
  pollMs: 1_000,
  documentLimitBytes: 65_536,
  entryLimitBytes: 16_384,
  waitReplicas: 0,
  waitMs: 200,
  firstReadMs: 2_000,
};

export interface RedisStoreSettings extends Partial<RedisPlanStoreSettings> {
  readonly replica?: string;
  readonly connection?: Partial<RedisSettings>;
}

/** A store of one process, with its own connection. */
export class RedisStoreBench {
  readonly facts: Fact[] = [];
  readonly connection: RedisConnection;
  readonly store: RedisPlanStore;

  constructor(
    server: RedisServer | undefined,
    { replica = 'a', connection, ...over }: RedisStoreSettings = {},
  ) {
    const parts = { clock: systemClock, random: systemRandom };
    const settings = { url: server?.url, commandTimeoutMs: 300, connectTimeoutMs: 500, ...connection };
    this.connection = new RedisConnection(settings, parts);
    this.store = new RedisPlanStore({
      ...parts,
      connection: this.connection,
      replica,
      settings: { ...SETTINGS, ...over },
      observe: (fact) => this.facts.push(fact),
    });
  }

  async close(): Promise<void> {
    await this.store.close();
    this.connection.close();
  }
}
