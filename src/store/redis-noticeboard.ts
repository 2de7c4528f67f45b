import { NOTICEBOARD_LIMITS, type Noticeboard, type NoticeboardLimits } from './noticeboard';
import type { RedisConnection } from './redis-connection';

/**
 * KEYS: board. ARGV: replica, value, milliseconds, most notices. One hash a board; a value begins with the moment,
 * on the server's clock, at which it is gone. The board goes with its last notice.
 */
const POST = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then
  for _, replica in ipairs(redis.call('HKEYS', KEYS[1])) do
    local goneAt = string.match(redis.call('HGET', KEYS[1], replica), '^(%d+) ')
    if not goneAt or tonumber(goneAt) <= now then redis.call('HDEL', KEYS[1], replica) end
  end
  if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + ARGV[3]) .. ' ' .. ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
`;

/** KEYS: board. ARGV: most notices, most bytes. What somebody else put there in bulk is not read at all. */
const READ = `
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[1]) then return {} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
for _, replica in ipairs(redis.call('HKEYS', KEYS[1])) do
  if redis.call('HSTRLEN', KEYS[1], replica) <= ARGV[2] + 20 then
    local goneAt, value = string.match(redis.call('HGET', KEYS[1], replica), '^(%d+) (.*)$')
    if goneAt and tonumber(goneAt) > now then
      found[#found + 1] = replica
      found[#found + 1] = value
    end
  end
end
return found
`;

/** The noticeboard of replicas that share a Redis. */
export class RedisNoticeboard implements Noticeboard {
  constructor(
    private readonly connection: RedisConnection,
    private readonly prefix: string,
    private readonly limits: NoticeboardLimits = NOTICEBOARD_LIMITS,
  ) {}

  async post(board: string, replica: string, value: string, ttlMs: number): Promise<void> {
    const { notices, bytes } = this.limits;
    if (Buffer.byteLength(value) > bytes) return;
    await this.connection.run('take a notice', (redis) =>
      redis.eval(POST, 1, this.keyOf(board), replica, value, Math.ceil(ttlMs), notices),
    );
  }

  async read(board: string): Promise<ReadonlyMap<string, string>> {
    const { notices, bytes } = this.limits;
    const answer = await this.connection.run('give the notices of a board', (redis) =>
      redis.eval(READ, 1, this.keyOf(board), notices, bytes),
    );
    const flat = Array.isArray(answer) ? answer.map(String) : [];
    return new Map(
      Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] ?? '', flat[2 * at + 1] ?? '']),
    );
  }

  private keyOf(board: string): string {
    return `${this.prefix}:board:${board}`;
  }
}
