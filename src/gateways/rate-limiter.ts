import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'

export interface RateVerdict {
  allowed: boolean
  /** How long until the window ends; 0 when allowed. */
  retryAfterMs: number
}

export interface RateLimiter {
  /** Takes `points` (1) from what the key has left in the present window. Refused points count too. */
  consume(key: string, points?: number): Promise<RateVerdict>
  /** Puts back what one `consume` took; of a window that is over there is nothing to put back. */
  giveBack(key: string, points?: number): Promise<void>
  /** Forgets what the key has used. */
  reset(key: string): Promise<void>
}

export interface RateLimiterOptions {
  /** Null counts in this process, for a single server. */
  redis: Redis | null
  /** Keeps the keys of several limiters apart. */
  name: string
  points: number
  durationSeconds: number
}

/**
 * Counts in fixed windows, with Redis for all servers together. While Redis is out of reach each server counts for
 * itself: refusing everyone or no one would both be worse. `consume` rejects for nothing but a bug.
 */
export function createRateLimiter({ redis, name, points, durationSeconds }: RateLimiterOptions): RateLimiter {
  const options = { keyPrefix: `atrium:rate:${name}`, points, duration: durationSeconds }
  const memory = new RateLimiterMemory(options)
  const limiter =
    redis === null
      ? memory
      : new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: memory })
  return {
    async consume(key, cost = 1) {
      try {
        await limiter.consume(digest(key), cost)
        return { allowed: true, retryAfterMs: 0 }
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        return { allowed: false, retryAfterMs: Math.max(1, refusal.msBeforeNext) }
      }
    },
    async giveBack(key, cost = 1) {
      await limiter.reward(digest(key), cost)
    },
    async reset(key) {
      // Both: what was counted here in an outage would otherwise return with the next one.
      await Promise.all([memory.delete(digest(key)), limiter.delete(digest(key))])
    },
  }
}

/** Keys are e-mail and network addresses: Redis and its dumps get to see neither, and a long key costs no more. */
const digest = (key: string): string => createHash('sha256').update(key).digest('base64url')
