import { and, eq } from 'drizzle-orm'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Transaction } from '../../db/database.ts'
import { follows } from '../../db/tables/account.ts'
import { violatedConstraint } from '../../db/violations.ts'
import { topic } from '../../live/bus.ts'
import { blocked, isBlocked } from '../chat/blocked.ts'
import type { Deps } from '../deps.ts'
import { notify, withdrawNotice } from '../notification/notify.ts'
import type { Viewer } from '../viewer.ts'

const path = ['input', 'accountId']

/** An account follows somebody no longer: what that somebody shows to followers is not for it any more. */
export const unfollowed = (followerId: Uuid) => topic<Record<string, never>>('unfollowed', followerId)

/** New followers are told of as one: "Ada and 3 others follow you". */
const FOLLOWERS = 'followers'

/** Who blocks somebody while they begin to follow comes before it or after it. */
const lockPair = (tx: Transaction, one: Uuid, other: Uuid) =>
  tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`follow ${[one, other].sort().join(' ')}`])

/**
 * Following twice is following once.
 * @throws DomainError `NOT_FOUND`, or `INVALID_INPUT` for following oneself and where one has blocked the other.
 */
export async function followAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  if (accountId === viewer.accountId) throw invalidInput(path, 'Nobody can follow themselves.')
  try {
    await deps.db.transaction(async (tx) => {
      await lockPair(tx, viewer.accountId, accountId)
      if (await isBlocked(tx, viewer.accountId, accountId)) throw blocked(path)
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

async function unfollow(deps: Deps, tx: Transaction, actorId: Uuid, accountId: Uuid): Promise<void> {
  const removed = await tx.orm
    .delete(follows)
    .where(and(eq(follows.followerId, actorId), eq(follows.followeeId, accountId)))
    .returning({ id: follows.followeeId })
  if (removed.length === 0) return
  tx.afterCommit(() => deps.bus.publish(unfollowed(actorId), {}))
  await withdrawNotice(deps, tx, { kind: 'FOLLOW', recipientId: accountId, actorId, groupBy: FOLLOWERS })
}

/** Unfollowing someone who is not followed changes nothing. */
export async function unfollowAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  await deps.db.transaction((tx) => unfollow(deps, tx, viewer.accountId, accountId))
  return accountId
}

/** Neither of the two follows the other any more. For a block, in its transaction. */
export async function endFollows(deps: Deps, tx: Transaction, one: Uuid, other: Uuid): Promise<void> {
  await lockPair(tx, one, other)
  // Each locks the inbox of the second: two that block others at once do so in one order.
  const [low = one, high = other] = [one, other].sort()
  await unfollow(deps, tx, high, low)
  await unfollow(deps, tx, low, high)
}
