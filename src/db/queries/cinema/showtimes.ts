import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../../database.ts'
import type { KeysetOrder, PageRequest } from '../../keyset.ts'
import { keysOf, type RowOf } from '../../relation.ts'
import { NEXT_SHOWTIME, scheduleEntity, showtimeEntity, theatreEntity } from '../../relations/cinema.ts'
import { statement } from '../../statement.ts'
import { seatClaims } from '../../tables/cinema/booking.ts'
import {
  type screens,
  seats,
  type seatType,
  showtimeSchedules,
  showtimes,
  theatres,
} from '../../tables/cinema/programme.ts'
import { findPage, type ListSource } from '../page.ts'

export type ShowtimeRow = RowOf<typeof showtimes>
export type ScheduleRow = RowOf<typeof showtimeSchedules>
export type TheatreRow = RowOf<typeof theatres>
export type ScreenRow = RowOf<typeof screens>

/** What is shown, where and when. */
export interface ShowtimePlace {
  movieId?: string | undefined
  theatreId?: string | undefined
  screenId?: string | undefined
  /** In the venue's calendar. */
  day?: string | undefined
  from?: string | undefined
  before?: string | undefined
}

/** Conditions on a showtime that is still ahead and not cancelled. */
export interface ShowtimeTerms extends ShowtimePlace {
  /** At least so many seats for wheelchairs are free. */
  accessibleSeats?: number | undefined
}

/** A day of any calendar lies within these three of UTC, which the index knows. */
const onDay = (day: string): SQL =>
  sql`${showtimes.localDay} = ${day}::text::date and ${showtimes.startsAt} >= ${day}::text::date - 1 and ${showtimes.startsAt} < ${day}::text::date + 2`

export function placeTerms({ movieId, theatreId, screenId, day, from, before }: ShowtimePlace): SQL[] {
  const where: SQL[] = []
  if (movieId !== undefined) where.push(sql`${showtimes.movieId} = ${movieId}::text::uuid`)
  if (theatreId !== undefined) where.push(sql`${showtimes.theatreId} = ${theatreId}::text::uuid`)
  if (screenId !== undefined) where.push(sql`${showtimes.screenId} = ${screenId}::text::uuid`)
  if (day !== undefined) where.push(onDay(day))
  if (from !== undefined) where.push(sql`${showtimes.startsAt} >= ${from}::text::timestamptz`)
  if (before !== undefined) where.push(sql`${showtimes.startsAt} < ${before}::text::timestamptz`)
  return where
}

const isLive = sql`(${seatClaims.expiresAt} is null or ${seatClaims.expiresAt} > now())`

export function showtimeTerms({ accessibleSeats, ...place }: ShowtimeTerms): SQL[] {
  const where = [sql`${showtimes.status} <> 'CANCELLED'`, sql`${showtimes.startsAt} > now()`, ...placeTerms(place)]
  if (accessibleSeats !== undefined) {
    where.push(
      sql`(select count(*) from ${seats} where ${seats.screenId} = ${showtimes.screenId} and ${seats.type} = 'ACCESSIBLE' and not ${seats.isBlocked} and not exists (select 1 from ${seatClaims} where ${seatClaims.showtimeId} = ${showtimes.id} and ${seatClaims.seatId} = ${seats.id} and ${isLive})) >= ${accessibleSeats}::text::int`,
    )
  }
  return where
}

export const listedShowtimes = (filter: ShowtimeTerms): ListSource<ShowtimeRow> => ({
  of: showtimeEntity,
  where: showtimeTerms(filter),
})

export const findShowtimes = (db: Executor, filter: ShowtimeTerms, page: PageRequest) =>
  findPage(db, listedShowtimes(filter), NEXT_SHOWTIME, page)

const THEATRE_NAME: KeysetOrder = {
  name: 'NAME',
  direction: 'asc',
  keys: [{ value: theatres.name, type: 'text' }],
}

export const listedTheatres = (city?: string): ListSource<TheatreRow> => ({
  of: theatreEntity,
  where: [city === undefined ? undefined : sql`lower(${theatres.city}) = lower(${city})`],
})

export const findTheatres = (db: Executor, city: string | undefined, page: PageRequest) =>
  findPage(db, listedTheatres(city), THEATRE_NAME, page)

const NEWEST_SCHEDULE: KeysetOrder = {
  name: 'NEWEST',
  direction: 'desc',
  keys: [
    { value: showtimeSchedules.createdAt, type: 'timestamptz' },
    { value: showtimeSchedules.id, type: 'uuid' },
  ],
}

export const listedSchedules = (screenId?: string): ListSource<ScheduleRow> => ({
  of: scheduleEntity,
  where: [screenId === undefined ? undefined : sql`${showtimeSchedules.screenId} = ${screenId}::text::uuid`],
})

export const findSchedules = (db: Executor, screenId: string | undefined, page: PageRequest) =>
  findPage(db, listedSchedules(screenId), NEWEST_SCHEDULE, page)

export interface AvailabilityRow {
  __key: string
  type: (typeof seatType.enumValues)[number]
  total: number
  free: number
}

/** How many seats of each type a showtime has, and how many can be had now. Blocked ones are not counted. */
export const availability = statement<AvailabilityRow>(sql`
select ${showtimes.id} as "__key", ${seats.type} as "type", count(*)::int as "total",
  (count(*) filter (where not exists (select 1 from ${seatClaims} where ${seatClaims.showtimeId} = ${showtimes.id} and ${seatClaims.seatId} = ${seats.id} and ${isLive})))::int as "free"
from ${showtimes} join ${seats} on ${seats.screenId} = ${showtimes.screenId} and not ${seats.isBlocked}
where ${showtimes.id} = any(${keysOf(showtimes.id)}) group by 1, 2 order by 1, 2`)
