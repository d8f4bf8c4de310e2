import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { keysOf } from '../../relation.ts'
import { NEXT_SHOWTIME, showtimeEntity } from '../../relations/cinema.ts'
import { statement } from '../../statement.ts'
import { tickets } from '../../tables/cinema/booking.ts'
import { showtimes } from '../../tables/cinema/programme.ts'
import { findPage, type ListSource } from '../page.ts'
import type { ShowtimeRow } from './showtimes.ts'

export interface ProgrammeFilter {
  movieId?: string | undefined
  theatreId?: string | undefined
  screenId?: string | undefined
  /** In the venue's calendar. */
  day?: string | undefined
  from?: string | undefined
  before?: string | undefined
  status?: ShowtimeRow['status'] | undefined
}

/** A day of any calendar lies within these three of UTC, which the index knows. */
const onDay = (day: string): SQL =>
  sql`${showtimes.localDay} = ${day}::text::date and ${showtimes.startsAt} >= ${day}::text::date - 1 and ${showtimes.startsAt} < ${day}::text::date + 2`

/** For staff: what was, is and will be shown, in any state. */
export function programmeOf(filter: ProgrammeFilter): ListSource<ShowtimeRow> {
  const { movieId, theatreId, screenId, day, from, before, status } = filter
  return {
    of: showtimeEntity,
    where: [
      movieId === undefined ? undefined : sql`${showtimes.movieId} = ${movieId}::text::uuid`,
      theatreId === undefined ? undefined : sql`${showtimes.theatreId} = ${theatreId}::text::uuid`,
      screenId === undefined ? undefined : sql`${showtimes.screenId} = ${screenId}::text::uuid`,
      day === undefined ? undefined : onDay(day),
      from === undefined ? undefined : sql`${showtimes.startsAt} >= ${from}::text::timestamptz`,
      before === undefined ? undefined : sql`${showtimes.startsAt} < ${before}::text::timestamptz`,
      status === undefined ? undefined : sql`${showtimes.status} = ${status}::text::showtime_status`,
    ],
  }
}

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
