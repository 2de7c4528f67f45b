/**
 * What stands under the document's key, looked at without fetching what is too long. Scripts run alone on the server,
 * and what they do is done whole or not at all, as far as their first write is not refused.
 */
const STANDS = `
local function now()
  local time = redis.call('TIME')
  return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end

local function stands(key, limit)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return 'empty', '' end
  if kind ~= 'string' then return 'refused', 'the key holds a ' .. kind end
  local length = redis.call('STRLEN', key)
  if length > limit then return 'refused', 'the key holds ' .. length .. ' bytes, more than ' .. limit end
  return 'found', redis.call('GET', key)
end
`;

/** KEYS: document. ARGV: longest document, SHA-1 of the text that is known. Answers { kind, text, milliseconds on its clock }. */
export const READ = `${STANDS}
local kind, text = stands(KEYS[1], tonumber(ARGV[1]))
if kind == 'found' and redis.sha1hex(text) == ARGV[2] then return { 'known', '', now() } end
return { kind, text, now() }
`;

/**
 * KEYS: document, audit stream, fence. ARGV: longest document, what is expected, document, entry, most entries,
 * channel, message, fencing token or '', format, last moment on the server's clock or ''. Answers { 'written' },
 * { 'late' } or { 'conflict', kind, text }.
 *
 * Nothing is undone when a script fails in its middle, so everything that could fail is tried before the first write.
 * A document that stands there whole is written once more: only so can a WAIT after it say something of it.
 */
export const WRITE = `${STANDS}
local function identity(text)
  local read, value = pcall(cjson.decode, text)
  if not read or type(value) ~= 'table' or value.format ~= ARGV[9] then return '?' end
  local document = value.document
  if type(document) ~= 'table' or type(document.plan) ~= 'table' then return '?' end
  local plan = document.plan
  if type(plan.generation) ~= 'number' or type(plan.revision) ~= 'number' then return '?' end
  return string.format('%.0f %.0f ', plan.generation, plan.revision) .. tostring(document.writer)
end

if ARGV[10] ~= '' and tonumber(now()) > tonumber(ARGV[10]) then return { 'late' } end
local kind, text = stands(KEYS[1], tonumber(ARGV[1]))
if kind == 'found' and text == ARGV[3] then
  redis.call('SET', KEYS[1], ARGV[3])
  return { 'written' }
end
local expected = ARGV[2]
local fits = kind == 'empty' and (expected == 'empty' or expected == 'anything')
if kind == 'found' then fits = expected == 'anything' or identity(text) == expected end
if not fits then return { 'conflict', kind, text } end

local fence = redis.call('GET', KEYS[3])
if ARGV[8] ~= '' and tonumber(ARGV[8]) < (tonumber(fence or '0') or 0) then return { 'conflict', kind, text } end

local trail = redis.call('TYPE', KEYS[2]).ok
if trail ~= 'none' and trail ~= 'stream' then
  return redis.error_reply('WRONGTYPE the audit trail is a ' .. trail)
end
if redis.acl_check_cmd then
  if not redis.acl_check_cmd('SET', KEYS[1], '') or not redis.acl_check_cmd('XADD', KEYS[2], '*', 'entry', '') then
    return redis.error_reply('NOPERM this user can not write the document and its audit trail')
  end
end

redis.call('SET', KEYS[1], ARGV[3])
redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[5], '*', 'entry', ARGV[4])
if ARGV[8] ~= '' then redis.pcall('SET', KEYS[3], ARGV[8]) end
redis.pcall('PUBLISH', ARGV[6], ARGV[7])
return { 'written' }
`;
