import { and, eq } from 'drizzle-orm'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { follows } from '../../db/tables/account.ts'
import { violatedConstraint } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'

const path = ['input', 'accountId']

/** Following twice is following once. @throws DomainError `NOT_FOUND`, or `INVALID_INPUT` for following oneself. */
export async function followAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  if (accountId === viewer.accountId) throw invalidInput(path, 'Nobody can follow themselves.')
  try {
    await deps.db.orm
      .insert(follows)
      .values({ followerId: viewer.accountId, followeeId: accountId })
      .onConflictDoNothing()
  } catch (error) {
    if (violatedConstraint(error) === 'follows_followee_id_accounts_id_fk') throw notFound('account', path)
    throw error
  }
  return accountId
}

/** Unfollowing someone who is not followed changes nothing. */
export async function unfollowAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  await deps.db.orm
    .delete(follows)
    .where(and(eq(follows.followerId, viewer.accountId), eq(follows.followeeId, accountId)))
  return accountId
}
