import { and, eq, sql } from 'drizzle-orm'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { accountBlocks, rooms } from '../../db/tables/chat/room.ts'
import { isDanglingReference } from '../../db/violations.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'

const path = ['input', 'accountId']

/** Of a row of `rooms`: it is a room of two, and one of them has blocked the other. */
export const isRoomBlocked = sql<boolean>`(${rooms.kind} = 'DIRECT' and exists (
  select 1 from ${accountBlocks} where (blocker_id, blocked_id) in (
    (${rooms.directLowId}, ${rooms.directHighId}), (${rooms.directHighId}, ${rooms.directLowId}))))`

export const blocked = (at: readonly string[]) => invalidInput(at, 'One of you has blocked the other.')

/**
 * From now on they neither write to the viewer in a one-to-one room nor invite them, and the viewer not them. Blocking
 * twice is blocking once. @throws DomainError `NOT_FOUND`, `INVALID_INPUT` for oneself.
 */
export async function blockAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  if (accountId === viewer.accountId) throw invalidInput(path, 'You cannot block yourself.')
  try {
    await deps.db.orm
      .insert(accountBlocks)
      .values({ blockerId: viewer.accountId, blockedId: accountId })
      .onConflictDoNothing()
  } catch (error) {
    throw isDanglingReference(error) ? notFound('account', path) : error
  }
  return accountId
}

/** Taking back a block that is not there changes nothing. */
export async function unblockAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  await deps.db.orm
    .delete(accountBlocks)
    .where(and(eq(accountBlocks.blockerId, viewer.accountId), eq(accountBlocks.blockedId, accountId)))
  return accountId
}
