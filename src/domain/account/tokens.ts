import { createHash, randomBytes } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { unauthenticated } from '../../core/errors.ts'
import { encodeId, parseId, type Uuid } from '../../core/ids.ts'

export const ACCESS_TOKEN_SECONDS = 15 * 60
export const SESSION_DAYS = 30

/** RFC 9068 (JWT access tokens) names the type, so that no other kind of token can be used in its place. */
const HEADER = { alg: 'HS256', typ: 'at+jwt' } as const
const ISSUER = 'atrium'
const AUDIENCE = 'atrium:graph'

export interface AccessToken {
  token: string
  expiresAt: Date
}

export async function signAccessToken(secret: Uint8Array, session: Uuid, now: Date): Promise<AccessToken> {
  const issuedAt = Math.floor(now.getTime() / 1000)
  const expiresAt = issuedAt + ACCESS_TOKEN_SECONDS
  const token = await new SignJWT({ sid: encodeId('session', session) })
    .setProtectedHeader(HEADER)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(secret)
  return { token, expiresAt: new Date(expiresAt * 1000) }
}

/**
 * The session that a token speaks for. Algorithm, type, issuer, audience and expiry must all be as signed above.
 * @throws DomainError `UNAUTHENTICATED` for anything else, without saying which part was wrong.
 */
export async function readAccessToken(
  secret: Uint8Array,
  token: string,
  now: Date,
): Promise<{ sessionId: Uuid; expiresAt: Date }> {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: [HEADER.alg],
      typ: HEADER.typ,
      issuer: ISSUER,
      audience: AUDIENCE,
      requiredClaims: ['sid', 'exp'],
      currentDate: now,
    })
    const session = parseId(String(payload.sid))
    if (session?.prefix === 'session' && payload.exp !== undefined) {
      return { sessionId: session.uuid, expiresAt: new Date(payload.exp * 1000) }
    }
  } catch {
    // Every way of being wrong gets the same answer below.
  }
  throw unauthenticated('The access token is not valid or has expired. Refresh the session or sign in again.')
}

/** 256 random bits. Only the hash is stored: who reads the database cannot use it. */
export function newRefreshToken(): { token: string; hash: string } {
  const token = `atr_${randomBytes(32).toString('base64url')}`
  return { token, hash: hashRefreshToken(token) }
}

export const hashRefreshToken = (token: string): string => createHash('sha256').update(token).digest('hex')
