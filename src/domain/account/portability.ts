import { eq, sql } from 'drizzle-orm'
import { DomainError, unauthenticated } from '../../core/errors.ts'
import { encodeId, type Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { accounts, follows, sessions } from '../../db/tables/account.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'
import { verifyPassword } from './password.ts'
import { countSignInAttempt, type Origin, viewerChanged } from './session.ts'

/**
 * A room's share in an account's export and deletion. Each room that keeps something of a member's exports one, and
 * `domain/portability.ts` lists them all.
 */
export interface Portability {
  readonly room: string
  /** Everything that the account put into the room, as plain JSON. */
  exportOf(tx: Transaction, accountId: Uuid): Promise<unknown>
  /** Removes it, or takes the name off what must stay. Runs inside the deletion's transaction. */
  eraseOf(tx: Transaction, accountId: Uuid, deps: Pick<Deps, 'bus'>): Promise<void>
}

/** All that the account has here, room by room, read at one moment. Hashes of secrets are left out. */
export function exportAccount(
  deps: Deps,
  viewer: Viewer,
  rooms: readonly Portability[],
): Promise<Record<string, unknown>> {
  return deps.db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only')
    const { accountId } = viewer
    const [account] = await tx.orm.select().from(accounts).where(eq(accounts.id, accountId))
    if (account === undefined) throw new DomainError('NOT_FOUND', 'This account is gone.')
    const { passwordHash: _, emailHash: __, id, ...profile } = account
    const following = await tx.orm
      .select({ handle: accounts.handle, since: follows.createdAt })
      .from(follows)
      .innerJoin(accounts, eq(accounts.id, follows.followeeId))
      .where(eq(follows.followerId, accountId))
    const openSessions = await tx.orm
      .select({ createdAt: sessions.createdAt, userAgent: sessions.userAgent, address: sessions.address })
      .from(sessions)
      .where(eq(sessions.accountId, accountId))
    const answer: Record<string, unknown> = {
      exportedAt: deps.clock.now().toISOString(),
      account: { id: encodeId('account', id), ...profile },
      following,
      sessions: openSessions,
    }
    for (const room of rooms) answer[room.room] = await room.exportOf(tx, accountId)
    return answer
  })
}

/**
 * Deletes the account with all that is its own; what belongs to a conversation stays without a name.
 * @throws DomainError `RATE_LIMITED`, or `WRONG_CREDENTIALS` when the password is not the account's.
 */
export async function deleteAccount(
  deps: Deps,
  viewer: Viewer,
  origin: Origin,
  input: { password: string },
  rooms: readonly Portability[],
): Promise<Uuid> {
  const { accountId } = viewer
  const [account] = await deps.db.orm
    .select({ passwordHash: accounts.passwordHash, email: accounts.email })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  if (account === undefined) throw unauthenticated('Your account has been deleted.')
  // A stolen access token must not become a way to guess the password.
  await countSignInAttempt(deps, account.email, origin)
  if (!(await verifyPassword(account.passwordHash, input.password))) {
    throw new DomainError('WRONG_CREDENTIALS', 'The password is wrong.', ['input', 'password'])
  }
  await deps.db.transaction(async (tx) => {
    // Locks the account first: a post or comment that is being written at the same time waits, and then has no author.
    await tx.orm.execute(sql`select 1 from ${accounts} where ${accounts.id} = ${accountId} for update`)
    for (const room of rooms) await room.eraseOf(tx, accountId, deps)
    await tx.orm.delete(accounts).where(eq(accounts.id, accountId))
    tx.afterCommit(() => deps.bus.publish(viewerChanged(accountId), {}))
  })
  return accountId
}
