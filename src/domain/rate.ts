import { rateLimited } from '../core/errors.ts'
import type { RateLimiter } from '../gateways/rate-limiter.ts'

/** Takes `points` from what the key has left in its window. @throws DomainError `RATE_LIMITED`. */
export async function spend(limiter: RateLimiter, key: string, points = 1): Promise<void> {
  const { allowed, retryAfterMs } = await limiter.consume(key, points)
  if (!allowed) throw rateLimited(retryAfterMs)
}
