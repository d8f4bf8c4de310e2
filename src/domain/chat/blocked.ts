import { and, eq, or, sql } from 'drizzle-orm'
import { invalidInput } from '../../core/errors.ts'
import type { Uuid } from '../../core/ids.ts'
import type { Executor } from '../../db/database.ts'
import { accountBlocks, rooms } from '../../db/tables/chat/room.ts'

/** Of a row of `rooms`: it is a room of two, and one of them has blocked the other. */
export const isRoomBlocked = sql<boolean>`(${rooms.kind} = 'DIRECT' and exists (
  select 1 from ${accountBlocks} where (blocker_id, blocked_id) in (
    (${rooms.directLowId}, ${rooms.directHighId}), (${rooms.directHighId}, ${rooms.directLowId}))))`

export const blocked = (at: readonly string[]) => invalidInput(at, 'One of you has blocked the other.')

/** Either of the two has blocked the other. */
export async function isBlocked(db: Executor, one: Uuid, other: Uuid): Promise<boolean> {
  const [block] = await db.orm
    .select({ blockerId: accountBlocks.blockerId })
    .from(accountBlocks)
    .where(
      or(
        and(eq(accountBlocks.blockerId, one), eq(accountBlocks.blockedId, other)),
        and(eq(accountBlocks.blockerId, other), eq(accountBlocks.blockedId, one)),
      ),
    )
    .limit(1)
  return block !== undefined
}
