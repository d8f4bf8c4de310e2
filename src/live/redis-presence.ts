import type { Redis } from 'ioredis'
import {
  createMemoryStore,
  KEEP_MS,
  MAX_SHOWN_TYPING,
  type PresenceStore,
  type Sighting,
  type Typing,
  UNKNOWN,
} from './presence-store.ts'

const PREFIX = 'atrium:presence:'
const TYPING_PREFIX = 'atrium:typing:'
/** Commands in flight that no answer has come for. A Redis that does not keep up is treated like one that is away. */
const MOST_IN_FLIGHT = 5_000
const READ_AT_ONCE = 500

/** Redis's clock is the only one that all servers share. Lua would print large numbers with an exponent. */
const NOW = `local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function text(n) return string.format('%.0f', n) end
`

/** A hash per account: `seen`, and for each server with an open socket the end of its lease. */
const FIND = `local function find(key)
  local seen, lease = -1, -1
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local value = tonumber(all[i + 1])
    if all[i] == 'seen' then seen = value
    elseif value <= now then redis.call('HDEL', key, all[i])
    elseif value > lease then lease = value end
  end
  return seen, lease
end
local function sighting(seen, lease)
  return lease < 0 and '' or text(lease - now), seen < 0 and '' or text(now - seen)
end
`

/** KEYS: the account. ARGV: server, lease, idle, how long it is kept; an empty text is null. */
const TOUCH = `${NOW}${FIND}
local seen, lease = find(KEYS[1])
local oldLease, oldIdle = sighting(seen, lease)
local wanted, idle = tonumber(ARGV[2]), tonumber(ARGV[3])
if idle == nil and wanted ~= nil and wanted > 0 and lease < 0 then idle = 0 end
if idle ~= nil and now - idle > seen then redis.call('HSET', KEYS[1], 'seen', text(now - idle)) end
if wanted ~= nil then
  if wanted > 0 then redis.call('HSET', KEYS[1], ARGV[1], text(now + wanted))
  else redis.call('HDEL', KEYS[1], ARGV[1]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
local newLease, newIdle = sighting(find(KEYS[1]))
return { oldLease, oldIdle, newLease, newIdle }`

const READ = `${NOW}${FIND}
local answer = {}
for i = 1, #KEYS do
  local lease, idle = sighting(find(KEYS[i]))
  answer[2 * i - 1] = lease
  answer[2 * i] = idle
end
return answer`

/** A sorted set per place: who types, by when that lapses. */
const START_TYPING = `${NOW}
local old = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], text(now + ARGV[2]), ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return (old and tonumber(old) > now) and 0 or 1`

const STOP_TYPING = `${NOW}
local old = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
return (old and tonumber(old) > now) and 1 or 0`

const READ_TYPING = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now))
local all = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1, 'WITHSCORES')
for i = 2, #all, 2 do all[i] = text(tonumber(all[i]) - now) end
return all`

const text = (value: number | null): string => (value === null ? '' : String(Math.max(Math.round(value), 0)))
const numberOf = (value: string | undefined): number | null =>
  value === undefined || value === '' ? null : Number(value)
const sightingOf = (lease: string | undefined, idle: string | undefined): Sighting =>
  lease === undefined ? UNKNOWN : { leaseMs: numberOf(lease), idleMs: numberOf(idle) }

/**
 * For several servers. Times are Redis's own, so that no server's clock matters; every key ends by itself. While Redis
 * is out of reach this server knows what it has seen itself.
 */
export function createRedisStore({ redis, server }: { redis: Redis; server: string }): PresenceStore {
  const seenHere = createMemoryStore(server)
  let inFlight = 0

  /** Null while Redis is away. */
  const run = async (script: string, keys: readonly string[], args: readonly string[]): Promise<unknown> => {
    if (redis.status !== 'ready' || inFlight >= MOST_IN_FLIGHT) return null
    inFlight++
    try {
      return await redis.eval(script, keys.length, ...keys, ...args)
    } catch {
      // The client reports outages.
      return null
    } finally {
      inFlight--
    }
  }

  return {
    onReturn: (listener) => void redis.on('ready', listener),
    async touch(accountId, touch) {
      const answer = run(
        TOUCH,
        [PREFIX + accountId],
        [server, text(touch.leaseMs), text(touch.idleMs), String(KEEP_MS)],
      )
      const here = await seenHere.touch(accountId, touch)
      const found = (await answer) as string[] | null
      if (found === null) return here
      return { before: sightingOf(found[0], found[1]), after: sightingOf(found[2], found[3]) }
    },
    async read(accountIds) {
      const parts: Promise<readonly Sighting[]>[] = []
      for (let from = 0; from < accountIds.length; from += READ_AT_ONCE) {
        const asked = accountIds.slice(from, from + READ_AT_ONCE)
        const keys = asked.map((accountId) => PREFIX + accountId)
        parts.push(
          run(READ, keys, []).then((answer) => {
            const found = answer as string[] | null
            if (found === null) return seenHere.read(asked)
            return asked.map((_, position) => sightingOf(found[2 * position], found[2 * position + 1]))
          }),
        )
      }
      return (await Promise.all(parts)).flat()
    },
    async startTyping(place, accountId, ttlMs) {
      const answer = run(START_TYPING, [TYPING_PREFIX + place], [accountId, text(ttlMs)])
      const here = await seenHere.startTyping(place, accountId, ttlMs)
      const isNew = await answer
      return isNew === null ? here : isNew === 1
    },
    async stopTyping(place, accountId) {
      const answer = run(STOP_TYPING, [TYPING_PREFIX + place], [accountId])
      const here = await seenHere.stopTyping(place, accountId)
      const wasTyping = await answer
      return wasTyping === null ? here : wasTyping === 1
    },
    async readTyping(place): Promise<Typing> {
      const found = (await run(READ_TYPING, [TYPING_PREFIX + place], [String(MAX_SHOWN_TYPING)])) as string[] | null
      if (found === null) return seenHere.readTyping(place)
      const accountIds = found.filter((_, position) => position % 2 === 0)
      // In the order of their scores, so the first one lapses first.
      return { accountIds, lapsesInMs: numberOf(found[1]) }
    },
  }
}
