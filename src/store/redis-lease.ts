import { AppError } from '../kernel/errors';
import type { LeaseRegister } from './lease';
import type { RedisConnection } from './redis-connection';

/**
 * KEYS: lease, counter of its tokens, highest token that a document was written under. ARGV: owner, milliseconds. The
 * lease holds `token owner`. A counter that was lost goes on above what the documents have seen, or nobody could ever
 * write again.
 * What has no time to live is nobody's lease, whatever it is: without this a key that somebody set by hand would
 * keep everybody out for ever.
 */
const TAKE = `
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('DEL', KEYS[1]) end
local entry = redis.call('GET', KEYS[1])
if entry then
  local token, owner = string.match(entry, '^(%d+) (.+)$')
  if owner == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
  return { owner or '', token or '0' }
end
local known = redis.pcall('GET', KEYS[2])
local next = math.max(tonumber(type(known) == 'string' and known or '0') or 0, tonumber(redis.call('GET', KEYS[3]) or '0') or 0) + 1
redis.call('SET', KEYS[2], string.format('%.0f', next))
redis.call('SET', KEYS[1], string.format('%.0f', next) .. ' ' .. ARGV[1], 'NX', 'PX', ARGV[2])
return { ARGV[1], string.format('%.0f', next) }
`;

const GIVE_UP = `
local entry = redis.call('GET', KEYS[1])
if entry and string.match(entry, '^%d+ (.+)$') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;

/** The lease in Redis: one key that expires by itself, and a counter that does not. */
export class RedisLeaseRegister implements LeaseRegister {
  constructor(
    private readonly connection: RedisConnection,
    private readonly prefix: string,
  ) {}

  async take(owner: string, ttlMs: number): Promise<{ owner: string; token: number }> {
    const { lease, tokens, fence } = this.keys();
    const answer = await this.connection.run('take the lease', (redis) =>
      redis.eval(TAKE, 3, lease, tokens, fence, owner, ttlMs),
    );
    return entryOf(answer);
  }

  async giveUp(owner: string): Promise<void> {
    await this.connection.run('give the lease back', (redis) =>
      redis.eval(GIVE_UP, 1, this.keys().lease, owner),
    );
  }

  private keys(): { readonly lease: string; readonly tokens: string; readonly fence: string } {
    const { prefix } = this;
    return { lease: `${prefix}:lease`, tokens: `${prefix}:lease-tokens`, fence: `${prefix}:fence` };
  }
}

function entryOf(answer: unknown): { owner: string; token: number } {
  const [owner, token] = Array.isArray(answer) ? (answer as unknown[]) : [];
  if (typeof owner !== 'string' || typeof token !== 'string' || !/^\d{1,15}$/.test(token))
    throw new AppError('store.refused', 'the lease in Redis is not what it should be');
  return { owner, token: Number(token) };
}
