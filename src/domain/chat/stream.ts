import type { Uuid } from '../../core/ids.ts'
import { findRemovalSeq, findRemovedAfter, type Streamed } from '../../db/queries/chat.ts'
import type { Deps } from '../deps.ts'
import { membershipChanged } from './events.ts'

/**
 * Keeps what is said after a removal from who was removed, also where nothing has told of the removal yet: events of other
 * servers take their time, and may get lost. The rows themselves say that there was one, so whoever reads them holds those
 * listeners back before anything of it is sent.
 */
export function createRemovalWatch({ bus, db }: Pick<Deps, 'bus' | 'db'>, roomId: Uuid) {
  let known: number | null = null
  return {
    /** Before the first look at the membership: what is older than that look is its business. */
    async begin(): Promise<void> {
      known ??= await findRemovalSeq(db, roomId)
    },
    async check<Row>(rows: readonly Streamed<Row>[]): Promise<void> {
      const newest = rows.at(-1)?.removalSeq ?? 0
      const from = known ?? 0
      if (newest <= from) return
      const removed = await findRemovedAfter(db, roomId, from)
      known = Math.max(known ?? 0, newest)
      for (const accountId of removed) bus.hint(membershipChanged(roomId, accountId), {})
    },
  }
}
