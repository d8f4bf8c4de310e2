import { and, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import { DomainError, unauthenticated } from '../../core/errors.ts'
import { newId, type Uuid } from '../../core/ids.ts'
import { addressKey } from '../../core/network.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts, refreshTokens, sessions } from '../../db/tables/account.ts'
import { isAccountGone } from '../../db/violations.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { spend } from '../rate.ts'
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

/** @throws DomainError `RATE_LIMITED`. */
export const countAttemptFrom = (deps: Deps, origin: Origin): Promise<void> =>
  spend(deps.signInAttempts.perAddress, addressKey(origin.address))

/**
 * Every attempt counts until it turned out right, aliased in one document or not. The address comes first: one that is refused
 * must not go on to use up the attempts of accounts.
 * @param email as `emailKey` makes it, or one account could be tried under many spellings.
 * @throws DomainError `RATE_LIMITED`.
 */
export async function countSignInAttempt(deps: Deps, email: string, origin: Origin): Promise<void> {
  await countAttemptFrom(deps, origin)
  await spend(deps.signInAttempts.perAccount, email)
}

/** The form in which addresses are stored and counted. Postgres refuses NUL in a text; no address has one. */
const emailKey = (email: string): string => email.replaceAll('\0', '').trim().toLowerCase().slice(0, 320)

const wrongCredentials = () =>
  new DomainError('WRONG_CREDENTIALS', 'The e-mail address or the password is wrong.', ['input'])

/** @throws DomainError `WRONG_CREDENTIALS`, after the same time and in the same words for an unknown e-mail address. */
export async function signIn(
  deps: Deps,
  origin: Origin,
  input: { email: string; password: string },
): Promise<OpenSession> {
  const email = emailKey(input.email)
  await countSignInAttempt(deps, email, origin)
  const [account] = await deps.db.orm
    .select({ id: accounts.id, passwordHash: accounts.passwordHash })
    .from(accounts)
    .where(eq(accounts.email, email))
  const right = await verifyPassword(account?.passwordHash ?? null, input.password)
  if (!right || account === undefined) {
    throw wrongCredentials()
  }
  // Only guesses count: who knows the password may come as often as they like, and guesses made meanwhile stay counted.
  await deps.signInAttempts.perAccount.giveBack(email)
  try {
    return await deps.db.transaction((tx) => openSession(deps, tx, account.id, origin))
  } catch (error) {
    // Deleted since it was read above.
    throw isAccountGone(error) ? wrongCredentials() : error
  }
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
      await endSessionOfToken(deps, tx, hash)
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

async function endSessionOfToken(deps: Deps, tx: Transaction, hash: string): Promise<void> {
  const token = tx.orm
    .select({ sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(eq(refreshTokens.hash, hash))
  await endSessions(deps, tx, inArray(sessions.id, token))
}

async function endSessions(deps: Deps, tx: Transaction, which: SQL): Promise<void> {
  const ended = await tx.orm
    .update(sessions)
    .set({ revokedAt: sql`now()` })
    .where(and(which, isNull(sessions.revokedAt)))
    .returning({ accountId: sessions.accountId })
  for (const { accountId } of ended) tx.afterCommit(() => deps.bus.publish(viewerChanged(accountId), {}))
}

/** Ends the viewer's session: its tokens are refused from the next request on, and its sockets are closed. */
export const signOut = (deps: Deps, viewer: Pick<Viewer, 'sessionId'>): Promise<void> =>
  deps.db.transaction((tx) => endSessions(deps, tx, eq(sessions.id, viewer.sessionId)))

/** The same for whoever has only the refresh token left. An unknown one ends nothing. */
export const signOutByRefreshToken = (deps: Deps, refreshToken: string): Promise<void> =>
  deps.db.transaction((tx) => endSessionOfToken(deps, tx, hashRefreshToken(refreshToken)))

/**
 * The viewer behind an access token, read anew: a session that ended or a role that changed counts at once.
 * @throws DomainError `UNAUTHENTICATED`.
 */
export async function findViewer(deps: Pick<Deps, 'db' | 'jwtSecret' | 'clock'>, token: string): Promise<Viewer> {
  const { sessionId, expiresAt } = await readAccessToken(deps.jwtSecret, token, deps.clock.now())
  const account = await findAccountOfSession(deps, sessionId)
  if (account === null) throw unauthenticated('The session has ended. Sign in again.')
  return { ...account, sessionId, expiresAt }
}

async function findAccountOfSession({ db }: Pick<Deps, 'db'>, sessionId: Uuid) {
  const [row] = await db.orm
    .select({ accountId: accounts.id, handle: accounts.handle, role: accounts.role })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt), gt(sessions.expiresAt, sql`now()`)))
  return row ?? null
}

/** A session of the account ended, or its role changed. */
export const viewerChanged = (accountId: Uuid) => topic<Record<string, never>>('viewerChanged', accountId)

/**
 * For what stays open longer than a request: calls `end` with a reason when the viewer's session has ended or their
 * role has changed, because what was allowed then may not be allowed now. Returns the function that stops watching.
 */
export function watchViewer(deps: Deps, viewer: Viewer, end: (reason: string) => void): () => void {
  const check = async (): Promise<void> => {
    const now = await findAccountOfSession(deps, viewer.sessionId)
    if (now === null) end('The session has ended. Sign in again.')
    else if (now.role !== viewer.role) end('Your role has changed. Connect again.')
  }
  return deps.bus.subscribe(viewerChanged(viewer.accountId), () => {
    // Not the last guard: the next operation reads the session again, and the token ends soon.
    check().catch((error: unknown) => deps.log.warn({ err: error }, 'A session could not be looked at again'))
  })
}
