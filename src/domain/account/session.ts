import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { DomainError, rateLimited, unauthenticated } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts, refreshTokens, sessions } from '../../db/tables/account.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { verifyPassword } from './password.ts'
import {
  type AccessToken,
  hashRefreshToken,
  newRefreshToken,
  readAccessToken,
  SESSION_DAYS,
  signAccessToken,
} from './tokens.ts'

/** Where a request came from. */
export interface Origin {
  readonly address: string
  readonly userAgent: string | null
}

export interface OpenSession {
  readonly sessionId: Uuid
  readonly accountId: Uuid
  readonly access: AccessToken
  readonly refreshToken: string
}

/** Opens a session for an account. The caller has made sure that it may. */
export async function openSession(deps: Deps, tx: Transaction, accountId: Uuid, origin: Origin): Promise<OpenSession> {
  const sessionId = newId()
  const { token, hash } = newRefreshToken()
  await tx.orm.insert(sessions).values({
    id: sessionId,
    accountId,
    userAgent: origin.userAgent?.slice(0, 300) ?? null,
    address: origin.address,
    expiresAt: sql`now() + make_interval(days => ${SESSION_DAYS})`,
  })
  await tx.orm.insert(refreshTokens).values({ hash, sessionId })
  const access = await signAccessToken(deps.jwtSecret, sessionId, deps.clock.now())
  return { sessionId, accountId, access, refreshToken: token }
}

/**
 * Every attempt counts, right or wrong, aliased in one document or not.
 * @throws DomainError `RATE_LIMITED`.
 */
export async function countSignInAttempt(deps: Deps, email: string, origin: Origin): Promise<void> {
  const verdicts = [
    await deps.signInAttempts.perAddress.consume(origin.address),
    await deps.signInAttempts.perAccount.consume(email),
  ]
  const refused = verdicts.filter((verdict) => !verdict.allowed)
  if (refused.length > 0) throw rateLimited(Math.max(...refused.map((verdict) => verdict.retryAfterMs)))
}

/** @throws DomainError `WRONG_CREDENTIALS`, after the same time and in the same words for an unknown e-mail address. */
export async function signIn(
  deps: Deps,
  origin: Origin,
  input: { email: string; password: string },
): Promise<OpenSession> {
  const email = input.email.trim().toLowerCase().slice(0, 320)
  await countSignInAttempt(deps, email, origin)
  const [account] = await deps.db.orm
    .select({ id: accounts.id, passwordHash: accounts.passwordHash })
    .from(accounts)
    // Postgres refuses NUL in a text; no address has one.
    .where(eq(accounts.email, email.replaceAll('\0', '')))
  const right = await verifyPassword(account?.passwordHash ?? null, input.password)
  if (!right || account === undefined) {
    throw new DomainError('WRONG_CREDENTIALS', 'The e-mail address or the password is wrong.', ['input'])
  }
  return deps.db.transaction((tx) => openSession(deps, tx, account.id, origin))
}

/**
 * Exchanges a refresh token for a new pair. Each token works once: one that comes a second time was stolen from, or by,
 * whoever used it first, so the whole session ends.
 * @throws DomainError `UNAUTHENTICATED`.
 */
export async function refreshSession(deps: Deps, refreshToken: string): Promise<OpenSession> {
  const hash = hashRefreshToken(refreshToken)
  const renewed = await deps.db.transaction(async (tx) => {
    const [used] = await tx.orm
      .update(refreshTokens)
      .set({ usedAt: sql`now()` })
      .where(and(eq(refreshTokens.hash, hash), isNull(refreshTokens.usedAt)))
      .returning({ sessionId: refreshTokens.sessionId })
    if (used === undefined) {
      await endSessionOfToken(tx, hash)
      return null
    }
    const [session] = await tx.orm
      .update(sessions)
      .set({ lastUsedAt: sql`now()`, expiresAt: sql`now() + make_interval(days => ${SESSION_DAYS})` })
      .where(and(eq(sessions.id, used.sessionId), isNull(sessions.revokedAt), gt(sessions.expiresAt, sql`now()`)))
      .returning({ id: sessions.id, accountId: sessions.accountId })
    if (session === undefined) return null
    const next = newRefreshToken()
    await tx.orm.insert(refreshTokens).values({ hash: next.hash, sessionId: session.id })
    const access = await signAccessToken(deps.jwtSecret, session.id, deps.clock.now())
    return { sessionId: session.id, accountId: session.accountId, access, refreshToken: next.token }
  })
  if (renewed === null) throw unauthenticated('The refresh token is not valid. Sign in again.')
  return renewed
}

const endSessionOfToken = (tx: Transaction, hash: string) =>
  tx.orm
    .update(sessions)
    .set({ revokedAt: sql`coalesce(${sessions.revokedAt}, now())` })
    .where(
      eq(
        sessions.id,
        sql`(select ${refreshTokens.sessionId} from ${refreshTokens} where ${refreshTokens.hash} = ${hash})`,
      ),
    )

/** Ends the viewer's session; its tokens are refused from the next request on. */
export async function signOut(deps: Deps, viewer: Viewer): Promise<void> {
  await deps.db.orm
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(sessions.id, viewer.sessionId), isNull(sessions.revokedAt)))
}

/**
 * The viewer behind an access token, read anew: a session that ended or a role that changed counts at once.
 * @throws DomainError `UNAUTHENTICATED`.
 */
export async function findViewer(deps: Pick<Deps, 'db' | 'jwtSecret' | 'clock'>, token: string): Promise<Viewer> {
  const { sessionId, expiresAt } = await readAccessToken(deps.jwtSecret, token, deps.clock.now())
  const [row] = await deps.db.orm
    .select({ accountId: accounts.id, handle: accounts.handle, role: accounts.role })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
  if (row === undefined) throw unauthenticated('The session has ended. Sign in again.')
  return { ...row, sessionId, expiresAt }
}
