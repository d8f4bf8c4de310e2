import { parseCookie } from 'cookie'
import { rateLimited, unauthenticated } from '../core/errors.ts'
import { addressKey } from '../core/network.ts'
import type { Cookies, Credentials, Door, Viewer } from './door.ts'

/** Counts what a key has used up. The gateways hold the real ones, in memory or in Redis. */
export interface RateLimiter {
  consume(key: string, points?: number): Promise<{ allowed: boolean; retryAfterMs: number }>
}

export interface Admission {
  /** @throws DomainError `RATE_LIMITED` with `retryAfterSeconds`. */
  admitAddress(address: string): Promise<void>
  /**
   * Who is asking, once both rates allow it. Called for every operation on every transport.
   * @throws DomainError `RATE_LIMITED` or `UNAUTHENTICATED`.
   */
  admit(address: string, credentials: Credentials): Promise<Viewer | null>
  /**
   * Spends what an admitted operation counts for beyond one, which is known only once its document has been read.
   * @throws DomainError `RATE_LIMITED`.
   */
  admitPoints(address: string, viewer: Viewer | null, points: number): Promise<void>
}

export interface AdmissionOptions<Context extends object> {
  door: Door<Context>
  perViewer: RateLimiter
  perAddress: RateLimiter
}

export function createAdmission<Context extends object>(options: AdmissionOptions<Context>): Admission {
  const { door, perViewer, perAddress } = options

  const spend = async (limiter: RateLimiter, key: string, points = 1): Promise<void> => {
    const { allowed, retryAfterMs } = await limiter.consume(key, points)
    if (!allowed) throw rateLimited(retryAfterMs)
  }

  return {
    admitAddress: (address) => spend(perAddress, addressKey(address)),
    async admit(address, credentials) {
      // Before authentication, which costs a database read.
      await spend(perAddress, addressKey(address))
      const viewer = await door.authenticate(credentials)
      if (viewer !== null) await spend(perViewer, viewer.accountId)
      return viewer
    },
    async admitPoints(address, viewer, points) {
      if (points <= 1) return
      await spend(perAddress, addressKey(address), points - 1)
      if (viewer !== null) await spend(perViewer, viewer.accountId, points - 1)
    },
  }
}

/**
 * The token of `Bearer …`; null when there is no header.
 * @throws DomainError `UNAUTHENTICATED` for anything else: whoever sends credentials does not want to be anonymous.
 */
export function bearerToken(header: unknown): string | null {
  if (header === undefined || header === null || header === '') return null
  const token = typeof header === 'string' ? /^bearer +(\S+) *$/i.exec(header)?.[1] : undefined
  if (token === undefined) throw unauthenticated('Authorization must be: Bearer, a space, and an access token.')
  return token
}

export const readCookies = (header: string | undefined): Cookies => parseCookie(header ?? '')
