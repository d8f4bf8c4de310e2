import { Redis } from 'ioredis'
import type { Log } from '../core/log.ts'

/** A command without an answer for this long fails, so that a request never waits for a frozen Redis. */
const COMMAND_TIMEOUT_MS = 1_000
/** Silence for this long while an answer is due means that the connection is dead: it is closed and opened anew. */
const SILENCE_TIMEOUT_MS = 2_000
const CONNECT_TIMEOUT_MS = 3_000
const LONGEST_RETRY_DELAY_MS = 2_000

/**
 * A client that fails fast: while Redis is out of reach each command is rejected at once and nothing is queued, and
 * the client reconnects for ever. An outage is logged once when it begins and once when it ends.
 */
export function connectRedis(url: string, log: Log): Redis {
  const redis = new Redis(url, {
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    // The defaults keep commands in memory until Redis is back, without a bound.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** (attempt - 1), LONGEST_RETRY_DELAY_MS) + Math.random() * 100,
  })
  logOutages(redis, log)
  return redis
}

/** Logs the first error of an outage and its end. Without an `error` listener ioredis prints each retry. */
export function logOutages(redis: Redis, log: Log): void {
  let out = false
  const begin = (error: NodeJS.ErrnoException | null): void => {
    if (out) return
    out = true
    // Two loopback addresses refused in one attempt make an AggregateError, whose message is empty.
    log.warn({ reason: error?.message || error?.code || 'connection closed' }, 'Redis is out of reach; retrying')
  }
  redis.on('error', begin)
  redis.on('reconnecting', () => begin(null))
  redis.on('ready', () => {
    if (out) log.info('Redis is reachable again')
    out = false
  })
}
