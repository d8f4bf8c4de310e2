import { sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { keysOf } from '../../relation.ts'
import { NEXT_SHOWTIME, showtimeEntity } from '../../relations/cinema.ts'
import { statement } from '../../statement.ts'
import { tickets } from '../../tables/cinema/booking.ts'
import { showtimes } from '../../tables/cinema/programme.ts'
import { findPage, type ListSource } from '../page.ts'
import { placeTerms, type ShowtimePlace, type ShowtimeRow } from './showtimes.ts'

export interface ProgrammeFilter extends ShowtimePlace {
  status?: ShowtimeRow['status'] | undefined
}

/** For staff: what was, is and will be shown, in any state. */
export const programmeOf = ({ status, ...place }: ProgrammeFilter): ListSource<ShowtimeRow> => ({
  of: showtimeEntity,
  where: [
    ...placeTerms(place),
    status === undefined ? undefined : sql`${showtimes.status} = ${status}::text::showtime_status`,
  ],
})

export type ProgrammeOrderName = 'FIRST' | 'LAST'

const ORDERS: Readonly<Record<ProgrammeOrderName, KeysetOrder>> = {
  FIRST: { ...NEXT_SHOWTIME, name: 'FIRST' },
  LAST: { ...NEXT_SHOWTIME, name: 'LAST', direction: 'desc' },
}

export const findProgramme = (
  db: Executor,
  source: ListSource<ShowtimeRow>,
  order: ProgrammeOrderName,
  page: PageRequest,
) => findPage(db, source, ORDERS[order], page)

export interface AttendanceRow {
  __key: string
  soldCount: number
  checkedInCount: number
  refundedCount: number
}

/** How many tickets of a showtime are sold, were used, and were taken back. */
export const attendance = statement<AttendanceRow>(sql`
select ${tickets.showtimeId} as "__key", (count(*) filter (where ${tickets.status} in ('VALID', 'CHECKED_IN')))::int as "soldCount",
  (count(*) filter (where ${tickets.status} = 'CHECKED_IN'))::int as "checkedInCount", (count(*) filter (where ${tickets.status} = 'REFUNDED'))::int as "refundedCount"
from ${tickets} where ${tickets.showtimeId} = any(${keysOf(tickets.showtimeId)}) group by 1`)
