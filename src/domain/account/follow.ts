import { and, eq } from 'drizzle-orm'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { follows } from '../../db/tables/account.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { topic } from '../../live/bus.ts'
import type { Deps } from '../deps.ts'
import { notify, withdrawNotice } from '../notification/notify.ts'
import type { Viewer } from '../viewer.ts'

const path = ['input', 'accountId']

/** An account follows somebody no longer: what that somebody shows to followers is not for it any more. */
export const unfollowed = (followerId: Uuid) => topic<Record<string, never>>('unfollowed', followerId)

/** New followers are told of as one: "Ada and 3 others follow you". */
const FOLLOWERS = 'followers'

/** Following twice is following once. @throws DomainError `NOT_FOUND`, or `INVALID_INPUT` for following oneself. */
export async function followAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  if (accountId === viewer.accountId) throw invalidInput(path, 'Nobody can follow themselves.')
  try {
    await deps.db.transaction(async (tx) => {
      const added = await tx.orm
        .insert(follows)
        .values({ followerId: viewer.accountId, followeeId: accountId })
        .onConflictDoNothing()
        .returning({ id: follows.followeeId })
      if (added.length === 0) return
      const { accountId: actorId } = viewer
      await notify(deps, tx, { kind: 'FOLLOW', recipients: [accountId], actorId, groupBy: FOLLOWERS })
    })
  } catch (error) {
    if (violatedConstraint(error) === 'follows_followee_id_accounts_id_fk') throw notFound('account', path)
    throw error
  }
  return accountId
}

/** Unfollowing someone who is not followed changes nothing. */
export async function unfollowAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  await deps.db.transaction(async (tx) => {
    const removed = await tx.orm
      .delete(follows)
      .where(and(eq(follows.followerId, viewer.accountId), eq(follows.followeeId, accountId)))
      .returning({ id: follows.followeeId })
    if (removed.length === 0) return
    const { accountId: actorId } = viewer
    tx.afterCommit(() => deps.bus.publish(unfollowed(actorId), {}))
    await withdrawNotice(deps, tx, { kind: 'FOLLOW', recipientId: accountId, actorId, groupBy: FOLLOWERS })
  })
  return accountId
}
