import { and, eq } from 'drizzle-orm'
import { invalidInput, notFound } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import { accountBlocks } from '../../db/tables/chat/room.ts'
import { isDanglingReference } from '../../db/violations.ts'
import { endFollows } from '../account/follow.ts'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../viewer.ts'

const path = ['input', 'accountId']

/**
 * From now on they neither write to the viewer in a one-to-one room nor invite or follow them, and the viewer not them. Blocking
 * twice is blocking once. @throws DomainError `NOT_FOUND`, `INVALID_INPUT` for oneself.
 */
export async function blockAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  if (accountId === viewer.accountId) throw invalidInput(path, 'You cannot block yourself.')
  try {
    await deps.db.transaction(async (tx) => {
      await endFollows(deps, tx, viewer.accountId, accountId)
      await tx.orm
        .insert(accountBlocks)
        .values({ blockerId: viewer.accountId, blockedId: accountId })
        .onConflictDoNothing()
    })
  } catch (error) {
    throw isDanglingReference(error) ? notFound('account', path) : error
  }
  return accountId
}

/** Taking back a block that is not there changes nothing; who followed whom before follows anew. */
export async function unblockAccount(deps: Deps, viewer: Viewer, accountId: Uuid): Promise<Uuid> {
  await deps.db.orm
    .delete(accountBlocks)
    .where(and(eq(accountBlocks.blockerId, viewer.accountId), eq(accountBlocks.blockedId, accountId)))
  return accountId
}
