import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { keysOf, type RowOf } from '../../relation.ts'
import { waitlistEntity } from '../../relations/cinema.ts'
import { statement } from '../../statement.ts'
import { waitlistEntries } from '../../tables/cinema/waitlist.ts'
import { findPage, type ListSource } from '../page.ts'

export type WaitlistRow = RowOf<typeof waitlistEntries, 'place' | 'updatedAt'>

const NEWEST: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: waitlistEntries.createdAt, type: 'timestamptz' },
    { value: waitlistEntries.id, type: 'uuid' },
  ],
}

export const waitsOf = (accountId: string): ListSource<WaitlistRow> => ({
  of: waitlistEntity,
  where: [sql`${waitlistEntries.accountId} = ${accountId}::text::uuid`],
})

export const findWaits = (db: Executor, source: ListSource<WaitlistRow>, page: PageRequest) =>
  findPage(db, source, NEWEST, page)

/** How many wait before each of these entries. */
export const aheadCounts = statement<{ __key: string; count: number }>(sql`
select w.id as "__key", (select count(*)::int from waitlist_entries before
    where before.showtime_id = w.showtime_id and before.status = 'WAITING' and before.place < w.place) as "count"
from waitlist_entries w where w.id = any(${keysOf(waitlistEntries.id)}) and w.status = 'WAITING'`)

/** How many wait for each of these showtimes. */
export const waitingCounts = statement<{ __key: string; count: number }>(sql`
select showtime_id as "__key", count(*)::int as "count" from waitlist_entries
where showtime_id = any(${keysOf(waitlistEntries.showtimeId)}) and status = 'WAITING' group by 1`)
